import Foundation
import TestSupport
import Testing

/// What the program says of a sweep that was run once and kept: every table in every format, the
/// report and the data of its figures.
@Suite("A stored sweep")
struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/golden")

    @Test("is shown with the same bytes as ever")
    func stored() throws {
        let program = try Program()
        for name in ["store.sqlite.gz", "show.sh"] {
            try FileManager.default.copyItem(
                at: Self.folder.appending(path: name), to: program.folder.url.appending(path: name))
        }
        try expectSnapshot(program.shell("bash show.sh").output, "golden/shown.txt")
    }
}
