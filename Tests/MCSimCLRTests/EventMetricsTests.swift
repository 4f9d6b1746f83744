import MCSimCLR
import Testing

@Suite("Event metrics")
struct EventMetricsTests {
    private func prediction(_ truth: Double, _ answer: Double, right: Bool = true) -> Prediction {
        Prediction(
            recording: 0, clip: 0, label: 1, predictedLabel: right ? 1 : 2,
            azimuth: truth * .pi / 180, predictedAzimuth: answer * .pi / 180)
    }

    @Test("azimuth errors wrap around: 179 and -179 degrees are 2 degrees apart")
    func wrapAround() {
        #expect(abs(prediction(179, -179).azimuthError - 2) < 1e-9)
        #expect(abs(prediction(-170, 170).azimuthError - 20) < 1e-9)
        #expect(abs(prediction(0, 180).azimuthError - 180) < 1e-9)
        #expect(abs(prediction(350, -10).azimuthError) < 1e-9)
        #expect(abs(prediction(90, 450 + 360).azimuthError) < 1e-9)
    }

    @Test("mean, median and shares within 10 and 20 degrees of a known set")
    func knownSet() {
        let metrics = EventMetrics([
            prediction(0, 5), prediction(0, -15, right: false), prediction(90, 120),
            prediction(-90, -90),
        ])
        #expect(abs(metrics.accuracy - 75) < 1e-12)
        #expect(abs(metrics.meanError - 12.5) < 1e-9)
        #expect(abs(metrics.medianError - 10) < 1e-9)
        #expect(metrics.within10 == 50)
        #expect(metrics.within20 == 75)
        #expect(metrics.named("probe").keys.sorted().first == "probe_accuracy")
    }

    @Test("the median of an odd number of errors is the middle one")
    func oddMedian() {
        let metrics = EventMetrics([prediction(0, 1), prediction(0, 50), prediction(0, 3)])
        #expect(abs(metrics.medianError - 3) < 1e-9)
    }
}
