/** Training a registered version again from what was recorded, and saying what differs. */
@NullMarked
package dev.mlops.reproduction;

import org.jspecify.annotations.NullMarked;
