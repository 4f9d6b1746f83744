import AudioFeatures
import Testing

@Suite("Mel filters")
struct MelFilterBankTests {
    @Test("Scales are inverted exactly", arguments: MelScale.allCases)
    func inverse(scale: MelScale) {
        for hertz in [0, 50, 440, 999.9, 1000, 1000.1, 4000, 8000] {
            #expect(abs(scale.hertz(scale.mel(hertz)) - hertz) < 1e-9)
        }
    }

    @Test("Slaney's scale is linear up to 1 kHz and has 27 steps in a factor of 6.4")
    func slaney() {
        #expect(abs(MelScale.slaney.mel(500) - 7.5) < 1e-12)
        #expect(abs(MelScale.slaney.mel(6400) - 42) < 1e-12)
    }

    @Test("Each filter has unit area over frequency", arguments: MelScale.allCases)
    func area(scale: MelScale) {
        // A long transform, so that the sum is close to the integral.
        let filters = MelFilterBank(FeatureSettings(fftLength: 65536, melScale: scale))
        for band in 0..<64 {
            let area = filters.frequencies(of: band).reduce(0.0) {
                $0 + filters.weight(band: band, frequency: $1) * filters.frequencyStep
            }
            #expect(abs(area - 1) < 1e-3)
        }
    }

    @Test("Weights are positive inside a band's frequencies and zero outside")
    func support() {
        let filters = MelFilterBank(FeatureSettings())
        for band in 0..<64 {
            let inside = filters.frequencies(of: band)
            for frequency in 0..<257 {
                let weight = filters.weight(band: band, frequency: frequency)
                #expect((weight > 0) == inside.contains(frequency))
            }
        }
    }
}
