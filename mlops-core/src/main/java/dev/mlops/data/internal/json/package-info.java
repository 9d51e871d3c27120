/**
 * The JSON forms of schemas, reports and expectations; the only place in data that knows Jackson.
 */
@NullMarked
package dev.mlops.data.internal.json;

import org.jspecify.annotations.NullMarked;
