/** What a person should know about a version before relying on it, on one page. */
@NullMarked
package dev.mlops.registry.card;

import org.jspecify.annotations.NullMarked;
