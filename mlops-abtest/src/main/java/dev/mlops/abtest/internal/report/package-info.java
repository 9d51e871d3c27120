/** Writes a report as text, JSON and HTML. */
@NullMarked
package dev.mlops.abtest.internal.report;

import org.jspecify.annotations.NullMarked;
