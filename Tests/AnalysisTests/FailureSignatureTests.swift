import Analysis
import Testing

@Suite("Failure signatures")
struct FailureSignatureTests {
    /// A figure against a reference, with the bounds of the difference.
    private func against(
        _ reference: Double, _ lower: Double?, _ upper: Double?
    ) -> FailureSignature.Comparison {
        guard let lower, let upper else {
            return .init(value: reference + 1, reference: reference, interval: nil, pairs: 1)
        }
        return .init(
            value: reference + (lower + upper) / 2, reference: reference,
            interval: .init(lower: lower, upper: upper), pairs: 10)
    }

    private func kinds(_ figures: FailureSignature.Figures) -> [FailureSignature.Kind] {
        FailureSignature.findings(figures).map(\.kind)
    }

    @Test("clear gains show no failure")
    func healthy() {
        #expect(
            kinds(
                .init(
                    probeAccuracy: against(23.6, 26, 30), probeError: against(83, -75, -70),
                    tunedAccuracy: against(43.7, 8, 11), tunedError: against(11.8, -4, -2),
                    embeddingDeviations: [0: 0.8, 1: 0.7])) == [])
    }

    @Test("an error whose whole interval is less than a quarter below the random encoder's")
    func spatial() {
        // A quarter of 80 is 20.
        #expect(kinds(.init(probeError: against(80, -19.9, 3))) == [.spatialFeaturesNotLearned])
        #expect(kinds(.init(probeError: against(80, -20.1, 3))) == [])
        let findings = FailureSignature.findings(.init(probeError: against(80, -19.9, 3)))
        #expect(findings[0].evidence.map(\.statement) == [.gainsLessThan(20)])
        // Above it is above it, and said to be so only where all of the interval is.
        let above = FailureSignature.findings(.init(probeError: against(80, 0.1, 12)))
        #expect(above[0].evidence.map(\.statement) == [.worse])
        let touching = FailureSignature.findings(.init(probeError: against(80, 0, 12)))
        #expect(touching[0].evidence.map(\.statement) == [.gainsLessThan(20)])
    }

    @Test("spectral features too, only where accuracy gains less than two points for certain")
    func spectral() {
        let error = against(46, -3, 1)
        func kinds(_ lower: Double, _ upper: Double) -> [FailureSignature.Kind] {
            self.kinds(.init(probeAccuracy: against(50, lower, upper), probeError: error))
        }
        #expect(kinds(-1, 1.9) == [.spectralFeaturesNotLearned])
        #expect(kinds(-1, 2.1) == [.spatialFeaturesNotLearned])
        #expect(kinds(0.5, 5) == [.spatialFeaturesNotLearned])
        func statement(_ lower: Double, _ upper: Double) -> FailureSignature.Statement? {
            FailureSignature.findings(
                .init(probeAccuracy: against(50, lower, upper), probeError: error)
            ).first?.evidence.last?.statement
        }
        #expect(statement(-1, 1.9) == .gainsLessThan(2))
        #expect(statement(-5, -0.1) == .worse)
        #expect(statement(-1, 2.1) == .undecided)
        #expect(statement(0.5, 5) == .better)
    }

    @Test("fine-tuning that gains less than two points and one degree for certain")
    func notDiscriminative() {
        func kinds(
            _ accuracy: (Double, Double), _ error: (Double, Double)?
        ) -> [FailureSignature.Kind] {
            self.kinds(
                .init(
                    tunedAccuracy: against(54.2, accuracy.0, accuracy.1),
                    tunedError: error.map { against(11.8, $0.0, $0.1) }))
        }
        #expect(kinds((-2, 1.9), (-0.9, 1)) == [.embeddingsNotDiscriminative])
        #expect(kinds((-2, 1.9), nil) == [.embeddingsNotDiscriminative])
        // A gain of two points, or of a degree, is not excluded.
        #expect(kinds((-2, 2.1), (-0.9, 1)) == [])
        #expect(kinds((-2, 1.9), (-1.1, 1)) == [])
    }

    @Test("too few seeds for an interval are no finding, whatever the means say")
    func noInterval() {
        let unknown = against(50, nil, nil)
        #expect(
            kinds(
                .init(
                    probeAccuracy: unknown, probeError: unknown, tunedAccuracy: unknown,
                    tunedError: unknown)) == [])
        #expect(kinds(.init()) == [])
    }

    @Test("collapse is told seed by seed, before all else")
    func collapse() {
        let findings = FailureSignature.findings(
            .init(
                probeError: against(46, 30, 50), embeddingDeviations: [0: 0.8, 1: 0.0999, 2: 0.1]))
        #expect(findings.map(\.kind) == [.collapse, .spatialFeaturesNotLearned])
        #expect(findings[0].deviations == [1: 0.0999])
        #expect(findings[0].seedCount == 3)
    }
}
