import Foundation
public import Testing

/// Compares a text with the file of that name in the folder Fixtures beside the test, byte for byte,
/// and names the first line that differs.
///
/// With ABLATE_RECORD_SNAPSHOTS=1 the file is written instead, and the test fails: a recording is
/// looked at before it is believed.
public func expectSnapshot(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
    file: String = #filePath
) throws {
    let url = URL(filePath: file).deletingLastPathComponent()
        .appending(path: "Fixtures").appending(path: name)
    if ProcessInfo.processInfo.environment["ABLATE_RECORD_SNAPSHOTS"] == "1" {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        Issue.record(
            "recorded \(name): look at it, then run without recording",
            sourceLocation: sourceLocation)
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
    Issue.record(
        "\(name), line \(place + 1): '\(line(lines))', was '\(line(wanted))'",
        sourceLocation: sourceLocation)
}
