import Foundation
import Testing

/// Compares a text with the file of that name in Fixtures, byte for byte.
///
/// With ABLATE_RECORD_SNAPSHOTS=1 the file is written instead, and the test fails: a recording is
/// looked at before it is believed.
func expectSnapshot(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
    file: String = #filePath
) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
    let url = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["ABLATE_RECORD_SNAPSHOTS"] == "1" {
        try Data(text.utf8).write(to: url)
        Issue.record(
            "recorded \(name): look at it, then run without recording",
            sourceLocation: sourceLocation)
        return
    }
    let expected = try String(decoding: Data(contentsOf: url), as: UTF8.self)
    #expect(text == expected, "\(name) differs", sourceLocation: sourceLocation)
}
