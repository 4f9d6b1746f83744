public import Digests

/// Which responses of a set of rooms a split's clips are heard through.
///
/// Places, not responses, are divided: all responses whose source is seen at one place (to a tenth of a
/// degree and a centimetre) are of one split, in whichever room. Places stand in the order of the digests of
/// their texts, which no seed enters; the first fifth is the test's, the next fifth the validation's, at
/// least one each.
public enum RoomDivision: String, Sendable, Codable, Hashable {
    /// Among training, validation and test.
    case three
    /// Between training and validation: the test has rooms of its own.
    case two
    /// Every split has all: there is but one.
    case whole
    /// Every split has all that are on the side of the array's line where the sources of simulated rooms
    /// are (`MicrophoneArray.side`): there is but one split, and an array that hears both sides alike.
    case side

    /// The fewest places that can be divided.
    public var fewestPlaces: Int {
        switch self {
        case .three: 3
        case .two: 2
        case .whole, .side: 1
        }
    }

    /// Whether there is but one split.
    var isUndivided: Bool { self == .whole || self == .side }

    /// The splits of places, of each by itself.
    func splits(of places: [ResponsePlace]) -> [Split] {
        guard !isUndivided else { return places.map { _ in .training } }
        let names = places.map(\.name)
        let order = Set(names).map { (digest: Digest(of: $0), name: $0) }
            .sorted { ($0.digest, $0.name) < ($1.digest, $1.name) }.map { $0.name }
        let fifth = max(1, order.count / 5)
        var splits: [String: Split] = [:]
        for (rank, name) in order.enumerated() {
            let part = rank / fifth
            switch self {
            case .three: splits[name] = part == 0 ? .test : part == 1 ? .validation : .training
            case .two, .whole, .side: splits[name] = part == 0 ? .validation : .training
            }
        }
        return names.map { splits[$0, default: .training] }
    }
}

/// The rooms that a bank's clips are heard in, where they are not simulated.
public struct RoomSelection: Sendable, Codable, Hashable {
    /// Of ``RoomResponses/content``.
    public var content: Digest
    public var division: RoomDivision

    public init(content: Digest, division: RoomDivision) {
        self.content = content
        self.division = division
    }
}
