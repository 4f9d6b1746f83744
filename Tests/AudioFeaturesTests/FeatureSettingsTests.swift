import AudioFeatures
import Foundation
import Testing

@Suite("Settings of the features")
struct FeatureSettingsTests {
    @Test("Frames are neither centred nor padded")
    func frames() {
        let settings = FeatureSettings()
        #expect(settings.frames(samples: 511) == 0)
        #expect(settings.frames(samples: 512) == 1)
        #expect(settings.frames(samples: 831) == 1)
        #expect(settings.frames(samples: 832) == 2)
        #expect(settings.frames(samples: 16000) == 49)
        #expect(settings.channels(microphones: 4) == 10)
        #expect(settings.bins == 64)
    }

    @Test("samples(frames:) is the fewest samples that give so many frames", arguments: [1, 2, 4])
    func samplesAndFrames(pooling: Int) {
        let settings = FeatureSettings(pooling: FeaturePooling(frames: pooling, bins: 2))
        for frames in [1, 2, 33, 64] {
            let samples = settings.samples(frames: frames)
            #expect(settings.frames(samples: samples) == frames)
            #expect(settings.frames(samples: samples - 1) == frames - 1)
        }
        #expect(settings.samples(frames: 0) == 0)
    }

    @Test("Lags are symmetric about zero")
    func lags() {
        let lags = FeatureSettings().lagValues
        #expect(lags.first == -7.875 && lags.last == 7.875 && lags[32] == 0.125)
    }

    @Test("Settings survive JSON")
    func coding() throws {
        let settings = FeatureSettings(melRange: 20...7000, melScale: .htk, lagSpacing: 0.125)
        let decoded = try JSONDecoder().decode(
            FeatureSettings.self, from: JSONEncoder().encode(settings))
        #expect(decoded == settings)
    }

    static let faults: [(FeatureSettings, String)] = [
        (
            FeatureSettings(sampleRate: 0),
            "the sample rate is 0 Hz, but must be from 1 to 768000: 16000 is the default"
        ),
        (
            FeatureSettings(fftLength: 500),
            """
            the transform's length is 500, but must be a multiple of 32 from 64 to 65536: try 512
            """
        ),
        (
            FeatureSettings(hopLength: 513),
            """
            the hop is 513 samples, but must be from 1 to the transform's length, 512: try 256
            """
        ),
        (
            FeatureSettings(melBands: 0),
            "the number of mel bands is 0, but must be from 1 to 1024: 64 is the default"
        ),
        (
            FeatureSettings(sampleRate: 8000),
            """
            the mel bands range from 50.0 to 8000.0 Hz, but the range must rise and lie within 0 \
            to 4000.0 Hz, half the sample rate: lower its upper end
            """
        ),
        (
            FeatureSettings(
                fftLength: 256, hopLength: 128, melBands: 128, lags: 128, lagSpacing: 0.125),
            """
            mel band 2 of 128 holds no frequency of a transform of 256 samples: use fewer bands \
            or a longer transform
            """
        ),
        (
            FeatureSettings(lags: 0),
            "the number of lags is 0, but must be from 1 to 1024: 64 is the default"
        ),
        (
            FeatureSettings(lagSpacing: -1),
            """
            the spacing of the lags is -1.0 samples, but must be positive: 0.25 is the default
            """
        ),
        (
            FeatureSettings(lagSpacing: 10),
            """
            the largest lag is 315.0 samples, but half the transform of 512 samples is the most: \
            use fewer lags, a smaller spacing or a longer transform
            """
        ),
        (
            FeatureSettings(lags: 32),
            """
            there are 64 mel bands and 32 lags, but the maps must be equally wide: make the two \
            numbers equal
            """
        ),
        (
            FeatureSettings(pooling: FeaturePooling(frames: 1, bins: 3)),
            """
            the pooling is 1 frames by 3 bins, but both must be at least 1, the first at most 4096, \
            and the second must divide 64, the number of bins: 1 by 1 keeps the maps as they are
            """
        ),
    ]

    @Test("A setting at fault is named with its value and a remedy", arguments: faults)
    func fault(settings: FeatureSettings, message: String) {
        #expect {
            try FeatureExtractor(settings, microphones: 4)
        } throws: {
            "\($0)" == message
        }
    }

    @Test("An array without microphones is refused")
    func noMicrophones() {
        #expect {
            try FeatureExtractor(FeatureSettings(), microphones: 0)
        } throws: {
            "\($0)"
                == "there are 0 microphones, but must be from 1 to 64: give the array's channels"
        }
    }
}
