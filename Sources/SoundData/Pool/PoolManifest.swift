import Files
import Foundation

/// A manifest with more clips at its end.
struct PoolManifest {
    /// What is there, byte for byte.
    private let text: String
    private let columns: [String]

    /// Throws: ``SoundDataError`` for a manifest that cannot be read, or whose splits are drawn, so that
    /// clips could not be kept out of the test.
    init(extending url: URL) throws {
        let table = try SoundDataSet.readTable(url, source: "manifest")
        _ = try SoundDataSet.requireColumn("split", of: table, url)
        let text = String(
            decoding: FileManager.default.contents(atPath: url.path) ?? Data(), as: UTF8.self)
        self.text = text.last.map(\.isNewline) == true ? text : text + "\n"
        columns = table.header.map { $0.lowercased() }
    }

    /// The manifest with clips of the pool: where it has a column for what is known of them, there it
    /// stands.
    func text(with clips: [PoolClip]) -> String {
        clips.reduce(into: text) { text, clip in
            let known = [
                "path": "unlabelled/\(clip.path)", "split": "unlabelled",
                "group": "\(clip.package.name):\(clip.source)", "source": clip.source,
                "package": clip.package.name, "licence": clip.package.licence,
                "sample_rate": "\(UnlabelledPool.sampleRate)",
                "seconds": InstrumentLibrary.secondsText(
                    clip.length, sampleRate: UnlabelledPool.sampleRate),
            ]
            text += columns.map { CommaSeparatedTable.field(known[$0, default: ""]) }
                .joined(separator: ",")
            text += "\n"
        }
    }
}
