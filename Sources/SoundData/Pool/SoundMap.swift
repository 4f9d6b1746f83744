import AudioFeatures
import Foundation

/// A sound's log-mel map, made to be laid beside others at every shift.
///
/// 40 bands, a frame each 32 ms. Values are decibels above a floor that lies 50 dB below the loudest of
/// them, so that neither the level of a copy nor faint noise in it matters; frames at the ends in which
/// nothing rises above the floor are cut off.
package struct SoundMap: Sendable {
    static let bands = 40
    /// Numbers of a frame in the summary: the first coefficients of its cosine transform over the bands.
    static let kept = 8

    package let frames: Int
    /// Shape: [frames, bands], and room at the end, see ``product(_:_:count:)``. Units: dB.
    private let values: [Float]
    /// Shape: [frames, kept], and the same room.
    private let summary: [Float]
    /// Sums over the frames before each: of the values, of their squares, of the summary's squares.
    private let sums: [SIMD4<Double>]

    /// The map of a sound at 16 kHz; nil for one that is silent.
    ///
    /// - Parameter delay: samples by which the frames begin earlier; half a hop is the other map that a
    ///   copy may need, since it may begin anywhere between two frames.
    package init?(_ samples: [Float], delay: Int = 0) {
        let peak = samples.reduce(0) { max($0, abs($1)) }
        guard peak > 0 else { return nil }
        let margin = [Float](repeating: 0, count: Self.settings.fftLength / 2)
        let padded =
            margin + [Float](repeating: 0, count: delay) + samples.map { $0 / peak } + margin
        let map = Self.extractor()(padded, sampleCount: padded.count)
        let floor = (map.max() ?? 0) - 50
        let heights = map.map { max(0, $0 - floor) }
        let isHeard = stride(from: 0, to: heights.count, by: Self.bands).map { start in
            heights[start..<(start + Self.bands)].contains { $0 > 0 }
        }
        guard let first = isHeard.firstIndex(of: true), let last = isHeard.lastIndex(of: true)
        else { return nil }
        self.init(heights: heights[(first * Self.bands)..<((last + 1) * Self.bands)])
    }

    private init(heights: ArraySlice<Float>) {
        frames = heights.count / Self.bands
        let room = [Float](repeating: 0, count: Self.productStep)
        values = Array(heights) + room
        var summary: [Float] = []
        var sums = [SIMD4<Double>()]
        for start in stride(from: heights.startIndex, to: heights.endIndex, by: Self.bands) {
            let frame = heights[start..<(start + Self.bands)]
            let coefficients = Self.basis.map { row in
                zip(row, frame).reduce(0) { $0 + $1.0 * $1.1 }
            }
            summary += coefficients
            let sum = frame.reduce(0) { $0 + Double($1) }
            sums.append(
                sums[sums.count - 1]
                    + SIMD4(sum, Self.energy(frame), Self.energy(coefficients), 0))
        }
        self.summary = summary + room
        self.sums = sums
    }

    /// The largest correlation of the two maps over all shifts at which they share three quarters of the
    /// shorter one; nil where it is not above `threshold`.
    ///
    /// Only the frames that they share count. Most shifts are ruled out by the summaries a and b: what the
    /// cosine transform leaves out of the maps adds at most the product of its lengths to their product
    /// (Cauchy and Schwarz), <x, y> <= <a, b> + |x - a| |y - b|, so that nothing is missed.
    package func similarity(to other: SoundMap, above threshold: Double) -> Double? {
        let needed = (3 * min(frames, other.frames) + 3) / 4
        var best = threshold
        for shift in (needed - frames)...(other.frames - needed) {
            let own = max(0, -shift)..<min(frames, other.frames - shift)
            let their = (own.lowerBound + shift)..<(own.upperBound + shift)
            let (mine, yours) = (moments(own), other.moments(their))
            let count = Double(own.count * Self.bands)
            let means = mine[0] * yours[0] / count
            let spread =
                ((mine[1] - mine[0] * mine[0] / count) * (yours[1] - yours[0] * yours[0] / count))
                .squareRoot()
            // Nothing rises or falls: nothing to correlate.
            guard spread > 1e-3 * count else { continue }
            let rest = (max(0, mine[1] - mine[2]) * max(0, yours[1] - yours[2])).squareRoot()
            let bound =
                Self.product(
                    summary, own.lowerBound * Self.kept, other.summary,
                    their.lowerBound * Self.kept, count: own.count * Self.kept) + rest - means
            guard bound > best * spread else { continue }
            let product = Self.product(
                values, own.lowerBound * Self.bands, other.values,
                their.lowerBound * Self.bands, count: own.count * Self.bands)
            best = max(best, (product - means) / spread)
        }
        return best > threshold ? best : nil
    }

    /// The bands of a frame. Units: dB.
    package subscript(frame: Int) -> ArraySlice<Float> {
        values[(frame * Self.bands)..<((frame + 1) * Self.bands)]
    }

    private static func energy(_ numbers: some Sequence<Float>) -> Double {
        numbers.reduce(0) { $0 + Double($1) * Double($1) }
    }

    private func moments(_ range: Range<Int>) -> SIMD4<Double> {
        sums[range.upperBound] - sums[range.lowerBound]
    }

    /// Units: samples at 16 kHz.
    static let hop = settings.hopLength

    private static let settings = FeatureSettings(
        fftLength: 1024, hopLength: 512, melBands: bands, lags: bands)

    private static func extractor() -> FeatureExtractor {
        do {
            return try FeatureExtractor(settings, microphones: 1)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Rows of the orthonormal cosine transform. Shape: [kept][bands].
    private static let basis: [[Float]] = (0..<kept).map { row in
        (0..<bands).map { band in
            let scale = ((row == 0 ? 1 : 2) / Double(bands)).squareRoot()
            return Float(
                scale * cos(.pi * (Double(band) + 0.5) * Double(row) / Double(bands)))
        }
    }
}
