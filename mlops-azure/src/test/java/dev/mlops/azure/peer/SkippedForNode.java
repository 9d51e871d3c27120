package dev.mlops.azure.peer;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end how many tests were skipped because node or its packages cannot be had; a factory
 * counts as one.
 */
public final class SkippedForNode implements TestExecutionListener {
  private final AtomicLong skipped = new AtomicLong();
  private volatile TestPlan plan;
  private volatile String reason = "";

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String why = result.getStatus() == TestExecutionResult.Status.ABORTED
        ? result
            .getThrowable()
            .map(throwable -> String.valueOf(throwable.getMessage()))
            .orElse("")
        : "";
    int from = why.indexOf(Node.SKIPPED);
    if (from >= 0) {
      reason = why.substring(from + Node.SKIPPED.length());
      long tests =
          plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
      skipped.addAndGet(Math.max(1, tests));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    if (skipped.get() > 0) {
      System.out.println(skipped + " tests skipped: " + reason);
    }
  }
}
