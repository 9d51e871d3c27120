/** Azure services behind the ports of the other modules. */
@NullMarked
package dev.mlops.azure;

import org.jspecify.annotations.NullMarked;
