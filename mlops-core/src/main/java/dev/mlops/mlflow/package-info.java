/**
 * A mirror of runs and versions in an MLflow server or an Azure ML workspace, for those who look
 * there. MLflow has no compare-and-set, so the registry stays the truth.
 */
@NullMarked
package dev.mlops.mlflow;

import org.jspecify.annotations.NullMarked;
