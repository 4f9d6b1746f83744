import Foundation
import RoomFiles

/// The files that other programs wrote (make_sofa.py), and what is in them.
enum SOFAFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    struct Expected: Decodable {
        var rate: Int
        /// Shape: [microphones][3]. Units: metres.
        var microphones: [[Double]]
        /// Of each response: azimuth and elevation in degrees, distance in metres.
        var directions: [[Double]]
        /// When the impulse is, with its delay. Shape: [responses][microphones]. Units: samples.
        var impulses: [[Double]]
    }

    static func expected() throws -> [String: Expected] {
        try JSONDecoder().decode(
            [String: Expected].self,
            from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    /// The files that must be refused, without their ending.
    static func hostile(_ name: String) -> URL { folder.appending(path: "hostile/\(name).sofa") }
}
