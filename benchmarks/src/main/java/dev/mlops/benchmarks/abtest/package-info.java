/** Assignment to a variant against the SDKs of hosted products, offline. */
@NullMarked
package dev.mlops.benchmarks.abtest;

import org.jspecify.annotations.NullMarked;
