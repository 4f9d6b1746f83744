import Acoustics
import Foundation
import Platform
import RoomFiles
package import SoundData
import Sweeps

/// What files of impulse responses hold, in a few lines.
package struct RoomResponsesText {
    private let rooms: RoomResponses

    package init(_ rooms: RoomResponses) { self.rooms = rooms }

    /// Files that are named one by one.
    private static let namedAtMost = 10
    /// Responses that decays are estimated of.
    private static let measuredAtMost = 64

    /// - Parameter name: what comes before the first.
    package func lines(_ name: String) -> [String] {
        let files = rooms.files
        let conventions = Set(files.map(\.convention.rawValue)).sorted().joined(separator: ", ")
        return [
            "\(name): \(Count.text(rooms.places.count, "impulse response")) from "
                + "\(Count.text(rooms.distinctPlaces, "place")) at "
                + "\(Count.text(rooms.array.count, "microphone")), \(conventions), "
                + (files.count == 1 ? files[0].name : Count.text(files.count, "file"))
        ]
    }

    /// All that there is to say, for a person who has the file and wants to use it.
    package var text: String {
        var lines = lines("rooms")
        for file in rooms.files.prefix(Self.namedAtMost) {
            lines.append(
                "  \(file.name): \(file.convention.rawValue)"
                    + (file.title.isEmpty ? "" : " '\(file.title)'")
                    + ", \(Count.text(file.responses, "response")) of "
                    + String(format: "%.3f s", file.length) + " at \(file.sampleRate) Hz")
        }
        if rooms.files.count > Self.namedAtMost {
            lines.append("  and \(rooms.files.count - Self.namedAtMost) more files")
        }
        lines.append(
            "  places: azimuth \(range(\.azimuth, isAngle: true))°, elevation "
                + "\(range(\.elevation, isAngle: true))°, distance \(range(\.distance, isAngle: false)) m"
        )
        if rooms.files.contains(where: { $0.convention != .simpleFreeFieldHRIR }) {
            lines.append("  decay (T30 at the first microphone): \(decay)")
        }
        lines.append("  array: {positions: \(SweepRooms.text(rooms.array))}")
        if rooms.array.isOnHead == true { lines.append("  the microphones are on a head") }
        let symmetries = rooms.array.symmetries.count - 1
        lines.append(
            "  ChannelSwap: "
                + (symmetries == 0
                    ? "the array has no symmetry, so that it leaves everything as it is"
                    : Count.text(symmetries, "reordering")))
        lines.append("  under rooms: " + shares)
        if let side { lines.append("  under evaluation_rooms: " + side) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What a test of what learnt from simulated rooms has of it; nil where that is all.
    package var side: String? {
        rooms.array.side.map { side in
            let count = rooms.indices(for: .test, .side).count
            return "\(count) of \(Count.text(rooms.places.count, "response")), those from azimuth "
                + "\(Self.text(side)): the microphones are on one line, whose two sides simulated rooms "
                + "cannot tell apart"
        }
    }

    /// `-90 to 90°`.
    static func text(_ azimuths: ClosedRange<Double>) -> String {
        let ends = [azimuths.lowerBound, azimuths.upperBound].map {
            SettingValue.number((10 * Angle.degrees(radians: $0)).rounded() / 10).description
        }
        return ends.joined(separator: " to ") + "°"
    }

    private func range(_ path: KeyPath<ResponsePlace, Double>, isAngle: Bool) -> String {
        let values = rooms.places.map {
            isAngle ? Angle.degrees(radians: $0[keyPath: path]) : $0[keyPath: path]
        }
        let format = isAngle ? "%.1f" : "%.2f"
        let ends = [values.min() ?? 0, values.max() ?? 0].map {
            String(format: format, $0 == 0 ? 0 : $0)
        }
        return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
    }

    private var decay: String {
        let count = rooms.places.count
        let step = max(1, count / Self.measuredAtMost)
        let chosen = Array(stride(from: 0, to: count, by: step).prefix(Self.measuredAtMost))
        let times = chosen.compactMap { index in
            Reverberation.time(rooms.response(index).channel(0), sampleRate: rooms.sampleRate)
        }.sorted()
        guard 2 * times.count >= chosen.count else {
            return "not known, the responses end before they have decayed"
        }
        return String(format: "%.2f s", times[times.count / 2])
            + " (median of \(Count.text(times.count, "response")))"
    }

    /// How many places each split would have.
    private var shares: String {
        guard rooms.distinctPlaces >= RoomDivision.three.fewestPlaces else {
            return
                "too few places to keep training, validation and test apart; of use under evaluation_rooms"
        }
        return [Split.training, .validation, .test].map { split in
            Count.text(rooms.indices(for: split, .three).count, "response")
                + " for \(split.rawValue)"
        }.joined(separator: ", ")
    }
}
