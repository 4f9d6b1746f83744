import Randomness

/// RandomResizedCrop: a part of the map, stretched to full size.
public struct RandomResizedCrop: Sendable, Codable, Hashable {
    /// Share of a patch's time that a crop keeps.
    public var time: ClosedRange<Double> = 0.5...1
    /// Share of the mel bands that a crop keeps.
    public var frequency: ClosedRange<Double> = 0.6...1
    /// Whether the crop in frequency applies to the lag axis of the GCC maps too.
    public var lags = false

    /// The part of a view.
    public struct Draw: Sendable, Hashable {
        public var time: CropWindow
        public var frequency: CropWindow
        public var lags: Bool

        public init(time: CropWindow, frequency: CropWindow, lags: Bool = false) {
            self.time = time
            self.frequency = frequency
            self.lags = lags
        }
    }

    public init() {}

    func draw(from choices: ViewChoices, _ stream: inout Stream) -> Draw? {
        let window = CropWindow.draw(share: time, of: choices.patchFrames, using: &stream)
        return Draw(
            time: window,
            frequency: .draw(share: frequency, of: choices.bins, using: &stream), lags: lags)
    }
}

/// Part of a map's axis, in its own units, which a crop stretches over the whole axis.
public struct CropWindow: Sendable, Hashable {
    public var start: Double
    public var length: Double

    public init(start: Double, length: Double) {
        self.start = start
        self.length = length
    }

    /// A window over `share` of `size` points at a random place.
    static func draw(
        share: ClosedRange<Double>, of size: Int, using stream: inout Stream
    ) -> CropWindow {
        let length = max(1, Double(size) * stream.uniform(in: share))
        return CropWindow(
            start: stream.uniform(in: 0...(Double(size) - length)), length: length)
    }
}

/// Positions and weights of a linear interpolation that stretches a window over `count` points.
struct Stretch {
    var lower: [Int32]
    var upper: [Int32]
    var fraction: [Float]

    /// The points of the axis that the interpolation reads.
    var reach: Range<Int> {
        // Positions ascend.
        Int(lower.first ?? 0)..<Int(upper.last ?? -1) + 1
    }

    /// Point k of the result lies at window.start + (k + 1/2) window.length / count - 1/2, kept
    /// within the window and the axis.
    init(_ window: CropWindow, over count: Int) {
        lower = []
        upper = []
        fraction = []
        lower.reserveCapacity(count)
        upper.reserveCapacity(count)
        fraction.reserveCapacity(count)
        let step = window.length / Double(count)
        let last = min(window.start + window.length, Double(count)) - 1
        for index in 0..<count {
            let centre = window.start + (Double(index) + 0.5) * step - 0.5
            let position = max(window.start, min(centre, max(last, window.start)))
            let below = min(Int(position), count - 1)
            lower.append(Int32(below))
            upper.append(Int32(min(below + 1, count - 1)))
            fraction.append(Float(position - Double(below)))
        }
    }
}

/// Crops one channel, stretches the crop to full size, in time and, where `columns` is given, along
/// the bins, and normalises it. `row` is scratch space for one frame.
func crop(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, frames: Int,
    bins: Int, rows: Stretch, columns: Stretch?, row: UnsafeMutablePointer<Float>,
    _ map: AffineMap
) {
    for frame in 0..<frames {
        let first = source + Int(rows.lower[frame]) * bins
        let second = source + Int(rows.upper[frame]) * bins
        let weight = rows.fraction[frame]
        let to = target + frame * bins
        guard let columns else {
            for bin in 0..<bins { to[bin] = map(first[bin] + (second[bin] - first[bin]) * weight) }
            continue
        }
        for bin in 0..<bins { row[bin] = map(first[bin] + (second[bin] - first[bin]) * weight) }
        // Pointers taken once a row: the compiler cannot know that `to` leaves the arrays alone.
        columns.lower.withUnsafeBufferPointer { lower in
            columns.upper.withUnsafeBufferPointer { upper in
                columns.fraction.withUnsafeBufferPointer { fraction in
                    for bin in 0..<bins {
                        let low = row[Int(lower[bin])]
                        to[bin] = low + (row[Int(upper[bin])] - low) * fraction[bin]
                    }
                }
            }
        }
    }
}
