import CSndfile
import Digests
import Foundation

/// What was seen of files, kept between commands: one text file for the recordings below a folder.
///
/// A line a recording: the digest of its path, its stamp, its facts, and the digest of all that; a
/// line that is not whole is passed over. It is written under another name and renamed, so of two
/// processes the last one's is there, and either is right.
struct FileFactsCache {
    private let url: URL?
    private var facts: [Digest: FileFacts] = [:]
    private var seen: Set<Digest> = []
    private var isChanged = false
    private let clock: @Sendable () -> Date

    /// What decoded the recordings is part of what was seen.
    private static let heading =
        "ablate recordings 2 " + String(cString: sf_version_string()).filter { $0 != "\n" }
    private static let mostBytes = 1 << 30

    init(_ url: URL?, now: @escaping @Sendable () -> Date) {
        self.url = url
        clock = now
        guard let url, let file = try? RegularFile(url.path), file.stamp.bytes < Self.mostBytes,
            let data = FileManager.default.contents(atPath: url.path)
        else { return }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, Array(first) == Array(Self.heading.utf8) else { return }
        facts.reserveCapacity(lines.count)
        for line in lines.dropFirst() {
            guard let (name, entry) = FileFacts.parse(line) else { continue }
            facts[name] = entry
        }
    }

    /// What was seen of the file, if it is still as it was.
    mutating func facts(of path: String, now stamp: FileStamp?) -> FileFacts? {
        let name = Digest(of: path)
        seen.insert(name)
        guard let stamp, let known = facts[name], known.stamp == stamp else { return nil }
        return known
    }

    /// Keeps what was seen of a file, unless the file might change without its times.
    mutating func keep(_ entry: FileFacts, of path: String) {
        let now = Int(clock().timeIntervalSince1970 * 1e9)
        guard !entry.stamp.isRecent(now: now) else { return }
        facts[Digest(of: path)] = entry
        isChanged = true
    }

    /// Failing to write costs the next command a look.
    mutating func write() {
        guard let url, isChanged else { return }
        isChanged = false
        // Files that are gone, or are listed by another table of the same folder.
        if facts.count > 4 * seen.count + 10_000 { facts = facts.filter { seen.contains($0.key) } }
        var text = Self.heading + "\n"
        for (name, entry) in facts.sorted(by: { $0.key < $1.key }) { text += entry.line(name) }
        let folder = url.deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let partial = url.path + ".\(getpid()).part"
        unlink(partial)
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        let isWhole = Array(text.utf8).withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let written = Foundation.write(
                    file, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                done += written
            }
            return true
        }
        guard close(file) == 0, isWhole, rename(partial, url.path) == 0 else {
            unlink(partial)
            return
        }
    }
}

extension FileFacts {
    fileprivate func line(_ name: Digest) -> String {
        let silences = silences.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
        let text =
            "\(name) \(stamp.bytes) \(stamp.inode) \(stamp.modified) \(stamp.changed) \(content) "
            + "\(sound) \(sampleRate) \(channelCount) \(frameCount) \(peak.bitPattern) "
            + "\(mixPeak.bitPattern) \(isFinite ? 1 : 0) \(silences.isEmpty ? "-" : silences) "
            + "\(mixRange.bitPattern) \(isConstant ? 1 : 0) \(mix) \(defect?.code ?? "-")"
        return "\(text) \(Digest(of: text))\n"
    }

    fileprivate static func parse(_ line: Data) -> (name: Digest, facts: FileFacts)? {
        let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard fields.count == 19,
            Digest(fields[18]) == Digest(of: fields[..<18].joined(separator: " ")),
            let name = Digest(fields[0]), let bytes = Int(fields[1]),
            let inode = UInt64(fields[2]), let modified = Int(fields[3]),
            let changed = Int(fields[4]), let content = Digest(fields[5]),
            let sound = Digest(fields[6]), let rate = Int(fields[7]),
            let channels = Int(fields[8]), let frames = Int(fields[9]),
            let peak = UInt64(fields[10]), let mixPeak = UInt64(fields[11]), rate > 0, channels > 0,
            let mixRange = UInt64(fields[14]), let mix = Digest(fields[16])
        else { return nil }
        var silences: [Range<Int>] = []
        for text in fields[13] == "-" ? [] : fields[13].split(separator: ",") {
            let ends = text.split(separator: "-").compactMap { Int($0) }
            guard ends.count == 2, ends[0] < ends[1] else { return nil }
            silences.append(ends[0]..<ends[1])
        }
        return (
            name,
            FileFacts(
                stamp: FileStamp(bytes: bytes, inode: inode, modified: modified, changed: changed),
                content: content, sound: sound, sampleRate: rate, channelCount: channels,
                frameCount: frames, peak: Double(bitPattern: peak),
                mixPeak: Double(bitPattern: mixPeak), isFinite: fields[12] == "1",
                mixRange: Double(bitPattern: mixRange), isConstant: fields[15] == "1", mix: mix,
                silences: silences, defect: FileDefect(code: fields[17]))
        )
    }
}
