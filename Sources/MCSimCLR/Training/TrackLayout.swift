import Foundation

/// Where the numbers of K tracks are in what a network says of a patch: the class scores of one track
/// after another, then cosine and sine of one after another.
package struct TrackLayout: Sendable {
    package var trackCount: Int
    package var classCount: Int

    package init(trackCount: Int, classCount: Int) {
        self.trackCount = trackCount
        self.classCount = classCount
    }

    var size: Int { trackCount * (classCount + 2) }

    private func scores(_ track: Int) -> Range<Int> {
        track * classCount..<(track + 1) * classCount
    }

    private func direction(_ track: Int) -> Range<Int> {
        let start = trackCount * classCount + 2 * track
        return start..<start + 2
    }

    /// What each track says.
    package func answers(_ row: ArraySlice<Double>) -> [SourceFacts] {
        let values = Array(row)
        return (0..<trackCount).map { track in
            let direction = values[direction(track)]
            return SourceFacts(
                label: indexOfLargest(values[scores(track)]),
                azimuth: atan2(direction[direction.endIndex - 1], direction[direction.startIndex]))
        }
    }

    /// The numbers with their tracks in the order in which they say most nearly what those of
    /// `reference` say: a network is free to have one source in different tracks of two patches.
    package func align(_ values: [Double], to reference: ArraySlice<Double>) -> [Double] {
        let order = SourceMatching.tracks(of: answers(reference), among: answers(values[...]))
        return order.flatMap { values[scores($0)] } + order.flatMap { values[direction($0)] }
    }
}
