/** The MLflow REST protocol. Not exported. */
@NullMarked
package dev.mlops.mlflow.internal;

import org.jspecify.annotations.NullMarked;
