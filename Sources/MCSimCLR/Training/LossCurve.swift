/// A loss curve thinned to a readable number of points: the mean of each stretch of steps.
public struct LossCurve: Sendable, Codable, Hashable {
    public struct Point: Sendable, Codable, Hashable {
        /// The last step of the stretch, counted from 1.
        public var step: Int
        /// The mean loss over the stretch.
        public var value: Double
    }

    public private(set) var points: [Point] = []
    private let stretch: Int
    private var sum = 0.0
    private var count = 0

    /// - Parameter points: how many points a run of `steps` should leave, about.
    public init(steps: Int, points: Int = 100) {
        stretch = max(1, steps / points)
    }

    /// Whether it is the curve of as long a run as another.
    func fits(_ other: LossCurve) -> Bool {
        stretch == other.stretch && (0..<stretch).contains(count)
    }

    /// - Parameter step: counted from 0.
    public mutating func add(_ loss: Double, step: Int) {
        sum += loss
        count += 1
        guard count == stretch else { return }
        points.append(Point(step: step + 1, value: sum / Double(count)))
        sum = 0
        count = 0
    }
}
