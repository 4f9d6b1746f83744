import AudioFeatures
import Foundation
import Testing

@Suite("Transforms of sixteen frames")
struct FrameTransformTests {
    /// Sixteen different frames, one after another.
    private static func noise(_ count: Int) -> [Float] {
        var state: UInt64 = 3
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Double(state >> 11) * 0x1p-53 - 0.5)
        }
    }

    /// Shape: [16][length / 2], frequencies in order.
    private static func spectra(
        _ transform: FrameTransform, _ samples: [Float]
    ) -> [[SIMD2<Float>]] {
        let length = transform.length
        let packed = AlignedBuffer(16 * length)
        samples.withUnsafeBufferPointer { samples in
            transform(
                (0..<16).map { samples.baseAddress! + $0 * length }, into: packed.start)
        }
        return (0..<16).map { lane in
            transform.place.map { place in
                let value = packed.start + 32 * Int(place) + lane
                return SIMD2(value[0], value[16])
            }
        }
    }

    @Test(
        "The transform of lanes equals FFTW's to single precision",
        arguments: [64, 128, 256, 512, 1024, 2048, 4096])
    func lanes(length: Int) {
        let samples = Self.noise(16 * length)
        let found = Self.spectra(FrameTransform(length: length), samples)
        let wanted = Self.spectra(FrameTransform(length: length, reference: true), samples)
        for lane in 0..<16 {
            let size = wanted[lane].reduce(Float(0)) { max($0, abs($1.x), abs($1.y)) }
            #expect(size > 0.1)
            for (left, right) in zip(found[lane], wanted[lane]) {
                let difference = left - right
                #expect(max(abs(difference.x), abs(difference.y)) < 1e-6 * size)
            }
        }
    }

    @Test(
        "A length that is no power of two is windowed and transformed", arguments: [96, 480, 960])
    func otherLengths(length: Int) {
        let samples = Self.noise(16 * length)
        let found = Self.spectra(FrameTransform(length: length), samples)
        for (lane, frequency) in [(0, 0), (3, 1), (8, length / 5), (15, length / 2 - 1)] {
            var wanted = SIMD2<Double>(0, 0)
            for index in 0..<length / 2 {
                let angle = -4 * .pi * Double(index * frequency % (length / 2)) / Double(length)
                for part in 0..<2 {
                    let sample = 2 * index + part
                    let window = 0.25 - 0.25 * cos(2 * .pi * Double(sample) / Double(length))
                    let value = window * Double(samples[lane * length + sample])
                    // i = exp(i pi / 2)
                    let turn = angle + Double(part) * .pi / 2
                    wanted += SIMD2(value * cos(turn), value * sin(turn))
                }
            }
            let value = found[lane][frequency]
            #expect(abs(Double(value.x) - wanted.x) < 1e-5)
            #expect(abs(Double(value.y) - wanted.y) < 1e-5)
        }
    }
}
