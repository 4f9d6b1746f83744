package import Acoustics
import AudioFeatures
import Digests
import Foundation
import Platform
package import SoundData
import Sweeps

/// The rooms of a sweep whose files have been read; none where all are simulated.
package struct SweepRooms: Sendable {
    package static let simulated = SweepRooms(rooms: nil, evaluation: nil)

    /// Where all clips are heard; those of the test too, where the other is not there.
    package let rooms: RoomResponses?
    package let evaluation: RoomResponses?

    package init(rooms: RoomResponses?, evaluation: RoomResponses?) {
        self.rooms = rooms
        self.evaluation = evaluation
    }

    /// Reads the files that sections name.
    ///
    /// - Parameter folder: of the sweep file.
    /// - Throws: ``RoomsError``.
    init(_ sections: RoomSections, in folder: URL) throws {
        func load(_ named: NamedRooms?, _ section: String) throws -> RoomResponses? {
            try named.map { named in
                let url = named.url(in: folder)
                guard FileManager.default.fileExists(atPath: url.path) else {
                    throw RoomsError.unusable(
                        section: section, reason: Self.missing(named.path, in: folder))
                }
                do {
                    return try RoomResponses.load(url)
                } catch let error as PlatformError {
                    throw error
                } catch {
                    throw RoomsError.unusable(section: section, reason: "\(error)")
                }
            }
        }
        rooms = try load(sections.rooms, RoomSections.section)
        evaluation = try load(sections.evaluationRooms, RoomSections.evaluationSection)
        try check(sections)
    }

    /// What is said of a path that leads to nothing: a shell completes it from another folder than the sweep's.
    private static func missing(_ path: String, in folder: URL) -> String {
        let nearby = URL(filePath: (path as NSString).expandingTildeInPath).path
        let isNearby = FileManager.default.fileExists(atPath: nearby)
        let remedy = isNearby ? "write \(nearby)" : "give a SOFA file or a folder of them"
        return
            "there is no '\(path)' in \(folder.path), the folder of the sweep file, to which the "
            + "path is relative; \(remedy)"
    }

    private func check(_ sections: RoomSections) throws {
        if let rooms, let evaluation, rooms.content == evaluation.content {
            throw RoomsError.sameRooms(path: sections.rooms?.path ?? "")
        }
        if let rooms, let evaluation,
            let difference = rooms.array.difference(from: evaluation.array)
        {
            throw RoomsError.otherArray(difference: difference)
        }
        if let rooms, rooms.distinctPlaces < division.fewestPlaces {
            throw RoomsError.fewPlaces(
                path: sections.rooms?.path ?? "", places: rooms.distinctPlaces,
                needed: division.fewestPlaces)
        }
        if let evaluation, let side = evaluation.array.side,
            evaluation.indices(for: .test, testDivision(evaluation)).isEmpty
        {
            throw RoomsError.otherSide(
                path: sections.evaluationRooms?.path ?? "", places: evaluation.distinctPlaces,
                side: RoomResponsesText.text(side))
        }
    }

    /// How the places of the rooms that are learnt from are divided.
    private var division: RoomDivision { evaluation == nil ? .three : .two }

    /// Of the clips that are learnt from; nil where their rooms are simulated.
    var selection: RoomSelection? {
        rooms.map { RoomSelection(content: $0.content, division: division) }
    }

    /// Of the clips of the test; nil where their rooms are simulated.
    var testSelection: RoomSelection? {
        evaluation.map { RoomSelection(content: $0.content, division: testDivision($0)) }
            ?? selection
    }

    /// Which places the test has. What learnt from simulated rooms with microphones on a line knows one
    /// side of it, which cannot be told from the other without a head.
    private func testDivision(_ evaluation: RoomResponses) -> RoomDivision {
        rooms == nil && evaluation.array.side != nil ? .side : .whole
    }

    /// The responses that a bank's settings name.
    package func responses(of bank: BankSettings) -> RoomResponses? {
        [rooms, evaluation].lazy.compactMap { $0 }.first { $0.content == bank.rooms?.content }
    }

    /// What stages that make scenes depend on beside their settings; empty where all is simulated.
    func content(of kind: StageKind?) -> String {
        let selection =
            switch kind {
            case .scenes: self.selection
            case .testScenes: testSelection
            default: RoomSelection?.none
            }
        return selection.map { "rooms \($0.content) \($0.division.rawValue)" } ?? ""
    }

    /// What a plan says of them.
    var overview: [String] {
        (rooms.map { RoomResponsesText($0).lines(RoomSections.section) } ?? [])
            + (evaluation.map {
                let (text, name) = (RoomResponsesText($0), RoomSections.evaluationSection)
                let side = testDivision($0) == .side ? text.side : nil
                return text.lines(name) + (side.map { ["\(name): \($0)"] } ?? [])
            } ?? [])
    }

    /// Settings that do not go with the rooms, found once their files are read.
    func conflicts(_ settings: TrialSettings) -> [SettingConflict] {
        guard rooms != nil || evaluation != nil else { return [] }
        var found: [SettingConflict] = []
        if let evaluation, rooms == nil,
            let difference = settings.bank.array.difference(from: evaluation.array)
        {
            found.append(
                SettingConflict(
                    key: "array", others: ["microphones", "array_diameter"],
                    message: "the array of evaluation_rooms is not that of array, microphones and "
                        + "array_diameter: it has \(difference); write array: "
                        + "{positions: \(Self.text(evaluation.array))}"))
        }
        for array in [rooms?.array, evaluation?.array].compactMap({ $0 })
        where array.isOnHead == true && settings.bank.scene.noise == .diffuse {
            found.append(
                SettingConflict(
                    key: "noise",
                    message:
                        "noise is diffuse, but its coherence at the ears of a head, as the rooms' files "
                        + "have them, is not known; write noise: sensor"))
        }
        do {
            try settings.features.validate()
        } catch {
            found.append(
                SettingConflict(
                    key: "lag_spacing", others: ["mel_bands"],
                    message:
                        "lag_spacing and mel_bands do not go with the array of the rooms' file: "
                        + "\(error)"))
        }
        return found
    }

    /// An array as a sweep file has it.
    package static func text(_ array: MicrophoneArray) -> String {
        "[" + array.positions.map(MicrophoneArray.text).joined(separator: ", ") + "]"
    }
}

/// What is wrong with the files of rooms that a sweep names: what, the value, what to do.
enum RoomsError: Error, Hashable, CustomStringConvertible {
    case unusable(section: String, reason: String)
    case sameRooms(path: String)
    case otherArray(difference: String)
    case fewPlaces(path: String, places: Int, needed: Int)
    /// `side`: the azimuths of the one that is needed.
    case otherSide(path: String, places: Int, side: String)

    /// The section of the file that it is about.
    var section: String {
        switch self {
        case .unusable(let section, _): section
        case .fewPlaces: RoomSections.section
        case .sameRooms, .otherArray, .otherSide: RoomSections.evaluationSection
        }
    }

    var description: String {
        switch self {
        case .unusable(let section, let reason): "\(section): \(reason)"
        case .sameRooms(let path):
            "evaluation_rooms has the responses of rooms, \(path); leave evaluation_rooms out: places are kept "
                + "for the test anyway"
        case .otherArray(let difference):
            "evaluation_rooms has \(difference), as rooms has it; both must have one array"
        case .otherSide(let path, let places, let side):
            "evaluation_rooms: the microphones of \(path) are on one line, which hears both of its sides alike, "
                + "so that simulated rooms have sources from azimuth \(side) alone, and "
                + (places == 1 ? "its one place is not" : "none of its \(places) places is")
                + " among these; give a file with sources there, or name it under rooms"
        case .fewPlaces(let path, let places, let needed):
            "rooms: \(path) has \(Count.text(places, "place")) of sources, but "
                + (needed == 3
                    ? "training, validation and test need 3 at least, one each; give more, or name the file "
                        + "under evaluation_rooms, which takes all for the test"
                    : "training and validation need 2 at least, one each; give more")
        }
    }
}
