import Foundation
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
        try expectSnapshot(program.shell("bash show.sh").output, "shown.txt", in: Self.folder)
    }
}

/// Compares a text with the file of that name, byte for byte, and names the first line that differs.
///
/// With ABLATE_RECORD_SNAPSHOTS=1 the file is written instead, and the test fails: a recording is
/// looked at before it is believed.
private func expectSnapshot(_ text: String, _ name: String, in folder: URL) throws {
    let url = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["ABLATE_RECORD_SNAPSHOTS"] == "1" {
        try Data(text.utf8).write(to: url)
        Issue.record("recorded \(name): look at it, then run without recording")
        return
    }
    let expected = try String(decoding: Data(contentsOf: url), as: UTF8.self)
    guard text != expected else { return }
    let (lines, wanted) = (
        text.split(separator: "\n", omittingEmptySubsequences: false),
        expected.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let place =
        zip(lines, wanted).enumerated().first { $1.0 != $1.1 }?.offset
        ?? min(lines.count, wanted.count)
    func line(_ all: [Substring]) -> Substring { place < all.count ? all[place] : "nothing" }
    Issue.record("\(name), line \(place + 1): '\(line(lines))', was '\(line(wanted))'")
}
