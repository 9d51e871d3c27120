/**
 * Versions of models, aliases that point at them, and the gates a version passes before an alias
 * moves. Every change is an event in an append-only, hash-chained log; the state is the fold of the
 * log, so the audit trail and the state cannot disagree.
 */
@NullMarked
package dev.mlops.registry;

import org.jspecify.annotations.NullMarked;
