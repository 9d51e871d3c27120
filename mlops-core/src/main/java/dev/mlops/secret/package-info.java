/** Secrets come from a port, and never show in logs. */
@NullMarked
package dev.mlops.secret;

import org.jspecify.annotations.NullMarked;
