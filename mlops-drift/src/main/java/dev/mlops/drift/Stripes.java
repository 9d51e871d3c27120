package dev.mlops.drift;

/** Profiles that threads share so that they seldom meet. Safe for use by several threads. */
final class Stripes {
  private final Baseline baseline;
  private final Profile[] stripes;

  Stripes(Baseline baseline) {
    this.baseline = baseline;
    stripes = new Profile[Math.min(16, 2 * Runtime.getRuntime().availableProcessors())];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = baseline.newProfile();
    }
  }

  int count() {
    return stripes.length;
  }

  /** The calling thread's stripe; other threads may have the same, so it is to be locked. */
  Profile own() {
    long id = Thread.currentThread().getId();
    return stripes[(int) ((id * 0x9e3779b97f4a7c15L >>> 33) % stripes.length)];
  }

  Profile sum() {
    Profile sum = baseline.newProfile();
    for (Profile stripe : stripes) {
      synchronized (stripe) {
        sum.merge(stripe);
      }
    }
    return sum;
  }

  /** The sum, with every stripe empty afterwards. */
  Profile drain() {
    Profile sum = baseline.newProfile();
    for (Profile stripe : stripes) {
      synchronized (stripe) {
        sum.merge(stripe);
        stripe.clear();
      }
    }
    return sum;
  }
}
