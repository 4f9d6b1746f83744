import Foundation
import SoundData
import Studies
import Sweeps

/// Rooms that are not simulated, as the sections `rooms` and `evaluation_rooms` of a sweep file name them:
/// `{source: sofa, path: FILE or FOLDER}`.
package struct NamedRooms: Sendable, Codable, Hashable {
    /// Where they come from; one kind so far.
    package enum Source: String, Sendable, Codable, Hashable, CaseIterable {
        /// SOFA files (AES69).
        case sofa
    }

    package var source: Source
    /// A file or a folder, relative to the folder of the sweep file.
    package var path: String

    package init(source: Source = .sofa, path: String) {
        self.source = source
        self.path = path
    }

    /// - Parameter folder: of the sweep file.
    func url(in folder: URL) -> URL {
        URL(fileURLWithPath: (path as NSString).expandingTildeInPath, relativeTo: folder)
    }
}

/// The two sections of a file, of which it may have none.
package struct RoomSections: Sendable, Codable, Hashable {
    /// Where all clips are heard; those of the test too, where the other is not given.
    package var rooms: NamedRooms?
    /// Where the clips of the test are heard.
    package var evaluationRooms: NamedRooms?

    static let section = "rooms"
    static let evaluationSection = "evaluation_rooms"
    static let sections = [section, evaluationSection]

    package init(rooms: NamedRooms? = nil, evaluationRooms: NamedRooms? = nil) {
        self.rooms = rooms
        self.evaluationRooms = evaluationRooms
    }

    var isEmpty: Bool { rooms == nil && evaluationRooms == nil }

    private static let kind = SettingKind.map([
        SettingDescriptor(
            key: "source", kind: .choice(NamedRooms.Source.allCases.map(\.rawValue)),
            defaultValue: .text(NamedRooms.Source.sofa.rawValue), summary: "what kind of file"),
        SettingDescriptor(
            key: "path", kind: .text, defaultValue: .null,
            summary: "a file, or a folder of files, beside the sweep file"),
    ])

    /// Those of a file.
    static func read(_ sections: inout StudySections) -> RoomSections {
        RoomSections(
            rooms: named(section, &sections),
            evaluationRooms: named(evaluationSection, &sections))
    }

    private static func named(_ name: String, _ sections: inout StudySections) -> NamedRooms? {
        let count = sections.faultCount
        guard let value = sections.value(name, as: kind)?.map else { return nil }
        guard let path = value["path"]?.text, !path.isEmpty else {
            if sections.faultCount == count {
                sections.fault(
                    "\(name) has no path; write \(name): {source: sofa, path: FILE}, a SOFA file or a folder of "
                        + "them, or give it with -S \(name).path=FILE", in: name)
            }
            return nil
        }
        return NamedRooms(
            source: value["source"]?.text.flatMap(NamedRooms.Source.init) ?? .sofa, path: path)
    }

    /// What a reader of a table must know of its rooms, a sentence each.
    var notes: [String] {
        func text(_ rooms: NamedRooms) -> String {
            "impulse responses that \(rooms.path) holds (SOFA)"
        }
        switch (rooms, evaluationRooms) {
        case (nil, nil): return []
        case (let rooms?, nil):
            return [
                "rooms: not simulated here, but \(text(rooms)); places of sources of the test split are "
                    + "in no other split"
            ]
        case (nil, let rooms?):
            return ["test recordings: in rooms that are not simulated here, but \(text(rooms))"]
        case (let rooms?, let tested?):
            return [
                "rooms: not simulated here, but \(text(rooms)); those of the test recordings, "
                    + text(tested)
            ]
        }
    }
}
