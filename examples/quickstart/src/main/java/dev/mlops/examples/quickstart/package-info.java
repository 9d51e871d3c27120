/** The whole lifecycle in one command. */
@NullMarked
package dev.mlops.examples.quickstart;

import org.jspecify.annotations.NullMarked;
