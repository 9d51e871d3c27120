/**
 * Fakes and framework-neutral contracts for the test suites of users and of other store
 * implementations.
 */
@NullMarked
package dev.mlops.testing;

import org.jspecify.annotations.NullMarked;
