import Analysis
import Testing

@Suite("Failure signatures")
struct FailureSignatureTests {
    private func kinds(_ evidence: FailureSignature.Evidence) -> [FailureSignature.Kind] {
        FailureSignature.findings(evidence).map(\.kind)
    }

    @Test("the paper's own figures show no failure")
    func healthy() {
        #expect(
            kinds(
                .init(
                    probeAccuracy: 51.5, probeError: 10.1, randomAccuracy: 23.6, randomError: 83.1,
                    tunedAccuracy: 53.4, tunedError: 8.7, scratchAccuracy: 43.7, scratchError: 11.8,
                    embeddingDeviation: 0.8)) == [])
    }

    @Test("a high error beside a gain in accuracy: spatial features not learned")
    func spatial() {
        let findings = FailureSignature.findings(
            .init(probeAccuracy: 57, probeError: 89, randomAccuracy: 50, randomError: 46))
        #expect(findings.map(\.kind) == [.spatialFeaturesNotLearned])
        #expect(findings.first?.figures.map(\.value) == [89, 46, 57, 50])
    }

    @Test("high error and no gain in accuracy: spectral features not learned either")
    func spectral() {
        #expect(
            kinds(.init(probeAccuracy: 51, probeError: 45, randomAccuracy: 50, randomError: 46))
                == [.spectralFeaturesNotLearned])
    }

    @Test("fine-tuning that beats training from scratch in nothing: not discriminative")
    func notDiscriminative() {
        #expect(
            kinds(
                .init(tunedAccuracy: 43, tunedError: 12, scratchAccuracy: 43.7, scratchError: 11.8))
                == [.embeddingsNotDiscriminative])
        #expect(
            kinds(
                .init(tunedAccuracy: 43, tunedError: 9, scratchAccuracy: 43.7, scratchError: 11.8))
                == [])
    }

    @Test("embeddings in one point: collapse, before all else")
    func collapse() {
        #expect(
            kinds(
                .init(
                    probeAccuracy: 5, probeError: 90, randomAccuracy: 50, randomError: 46,
                    embeddingDeviation: 0.01)) == [.collapse, .spectralFeaturesNotLearned])
    }

    @Test("without evidence no finding")
    func unknown() {
        #expect(kinds(.init()) == [])
        #expect(kinds(.init(probeError: 89)) == [])
    }
}
