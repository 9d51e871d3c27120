package dev.mlops.abtest.internal.analysis;

/**
 * One epoch's estimate: each epoch is compared with itself and enters with its share of the units.
 * Pooling the epochs instead lets a changing base rate look like an effect (Simpson's paradox).
 *
 * @param weight share of the units
 * @param control the control's value
 * @param treatment the variant's value
 * @param controlVariance variance of the control's value
 * @param treatmentVariance variance of the variant's value
 * @param controlUnits units
 * @param treatmentUnits units
 */
record Stratum(
    double weight,
    double control,
    double treatment,
    double controlVariance,
    double treatmentVariance,
    long controlUnits,
    long treatmentUnits) {}
