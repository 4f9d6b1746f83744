import AudioFeatures
import Testing

@Suite("Axes of the maps")
struct FeatureAxesTests {
    @Test("Channels are titled in the order of the maps")
    func channels() {
        let axes = FeatureAxes(FeatureSettings(), microphones: 3, frames: 2)
        #expect(
            axes.channels == [
                "log-mel 1", "log-mel 2", "log-mel 3", "GCC-PHAT 1-2", "GCC-PHAT 1-3",
                "GCC-PHAT 2-3",
            ])
    }

    @Test("A frame stands at the middle of its samples, and is a hop from the next")
    func times() {
        let axes = FeatureAxes(FeatureSettings(), microphones: 1, frames: 3)
        #expect(axes.times == [0.016, 0.036, 0.056])
    }

    @Test("Bins have one lag and one frequency each")
    func bins() {
        let axes = FeatureAxes(FeatureSettings(), microphones: 2, frames: 1)
        #expect(axes.lags == FeatureSettings().lagValues)
        #expect(axes.frequencies.count == 64)
        #expect(axes.frequencies == axes.frequencies.sorted())
        #expect(axes.frequencies[0] > 50 && axes.frequencies[63] < 8000)
    }

    @Test("Pooled bins and frames stand at the middle of their blocks")
    func pooled() {
        let settings = FeatureSettings(pooling: FeaturePooling(frames: 2, bins: 2))
        let axes = FeatureAxes(settings, microphones: 2, frames: 2)
        #expect(axes.times == [0.026, 0.066])
        #expect(axes.lags.count == 32 && axes.lags[0] == -7.75 && axes.lags[31] == 7.75)
        #expect(axes.frequencies.count == 32)
    }
}
