/// The linear probe of K overlapping sources: K tracks, each with the two heads of ``LinearHeads``.
///
/// Which source a track learns is not given. The start is by level: track 0 takes the nearest source
/// of each recording, track 1 the next one. Then heads are fitted and sources are matched to the
/// tracks that say most nearly the same of them (``SourceMatching``), in turn, until no match
/// changes, at most ``maximumRounds`` times. With one source there is nothing to match, and the one
/// track is ``LinearHeads``.
public struct TrackHeads: Sendable {
    public static let maximumRounds = 8
    public let tracks: [LinearHeads]
    /// Rounds of matching and fitting until the end; 0 for one source.
    public let rounds: Int

    /// Features of some recordings (or patches), with the truth about each of their sources.
    public struct Examples: Sendable {
        /// Shape: [examples, features].
        public var features: Matrix
        /// Shape: [examples][K].
        public var sources: [[SourceFacts]]
        /// Distance of each source from the array. Shape: [examples][K]; units: metres.
        public var distances: [[Double]]

        public init(features: Matrix, sources: [[SourceFacts]], distances: [[Double]]) {
            self.features = features
            self.sources = sources
            self.distances = distances
        }

        /// For each example the sources in the order of the tracks: the nearest first, of equally
        /// near ones the first.
        var byLevel: [[Int]] {
            distances.map { distances in
                distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
            }
        }

        /// What one track is to learn.
        func examples(track: Int, order: [[Int]]) -> LinearHeads.Examples {
            let chosen = zip(sources, order).map { sources, order in sources[order[track]] }
            return LinearHeads.Examples(
                features: features, labels: chosen.map(\.label), azimuths: chosen.map(\.azimuth))
        }
    }

    /// - Parameter validation: chooses each track's penalties; may be empty.
    public init(training: Examples, validation: Examples, classCount: Int) {
        let trackCount = training.sources.first?.count ?? 1
        var order = training.byLevel
        var validationOrder = validation.byLevel
        var rounds = 0
        while trackCount > 1, rounds < Self.maximumRounds {
            rounds += 1
            let heads = (0..<trackCount).map { track in
                LinearHeads(
                    training: training.examples(track: track, order: order),
                    validation: .none(features: training.features.columns), classCount: classCount)
            }
            let next = Self.order(training, by: heads)
            validationOrder = Self.order(validation, by: heads)
            if next == order { break }
            order = next
        }
        self.rounds = rounds
        tracks = (0..<trackCount).map { track in
            LinearHeads(
                training: training.examples(track: track, order: order),
                validation: validation.examples(track: track, order: validationOrder),
                classCount: classCount)
        }
    }

    /// Numbers of an embedding.
    var features: Int { tracks.first?.standardisation.mean.count ?? 0 }

    init(tracks: [LinearHeads]) {
        self.tracks = tracks
        rounds = 0
    }

    /// For each example the source of each track, the one that it says most nearly the same of.
    func sources(of examples: Examples) -> [[Int]] {
        tracks.count > 1
            ? Self.order(examples, by: tracks)
            : [[Int]](repeating: [0], count: examples.features.rows)
    }

    /// What each track says of each example. Shape: [examples, features] -> [examples][K].
    public func callAsFunction(_ features: Matrix) -> [[SourceFacts]] {
        Self.answers(tracks, features)
    }

    private static func answers(_ heads: [LinearHeads], _ features: Matrix) -> [[SourceFacts]] {
        let answers = heads.map { $0(features) }
        return (0..<features.rows).map { row in
            answers.map { SourceFacts(label: $0[row].label, azimuth: $0[row].azimuth) }
        }
    }

    /// For each example the source of each track.
    private static func order(_ examples: Examples, by heads: [LinearHeads]) -> [[Int]] {
        zip(examples.sources, answers(heads, examples.features)).map { sources, answers in
            SourceMatching.tracks(
                cost: answers.map { answer in
                    sources.map { answer.distance(to: $0) }
                })
        }
    }
}

extension LinearHeads.Examples {
    static func none(features: Int) -> Self {
        Self(features: Matrix(zeros: 0, features), labels: [], azimuths: [])
    }
}
