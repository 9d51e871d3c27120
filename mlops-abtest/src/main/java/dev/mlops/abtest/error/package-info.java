/** What this module throws on purpose. */
@NullMarked
package dev.mlops.abtest.error;

import org.jspecify.annotations.NullMarked;
