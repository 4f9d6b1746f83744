import Acoustics
import AudioFeatures
package import Digests
import Files
package import Foundation
import Platform
package import SoundData

/// The recordings of banks as files that other programs read.
///
/// A folder with `index.csv`, a line a source; `bank.json`: sample rate, places of the microphones,
/// classes, digest and settings of each bank; and a folder a split with a file a recording, of 32-bit
/// floats with the values that the built-in trainer reads (``RecordingBank/read(_:)``).
package enum BankExport {
    package enum Format: String, Sendable, CaseIterable {
        /// Channels in the order of the microphones.
        case wav
        /// Shape: [microphones, samples].
        case npy
    }

    /// What `index.csv` says of banks in this order: which recordings there are, of which splits, in which
    /// order. What names it says of which recordings its rows are.
    package static func index(of banks: [Digest]) -> Digest {
        Digest(of: "index of banks\n" + banks.map { "\($0)\n" }.joined())
    }

    /// What the folder will take, but for the index. Units: bytes.
    package static func bytes(_ banks: [RecordingBank]) -> Int {
        banks.reduce(0) { sum, bank in
            sum + bank.recordings.reduce(0) { $0 + $1.sampleCount * bank.microphones * 4 + 128 }
        }
    }

    /// Writes the folder under another name, then renames it: it is there wholly or not at all.
    ///
    /// - Parameters:
    ///   - banks: of one array and one list of classes, such as the scenes for training and those of the
    ///     test.
    ///   - progress: is told (recordings done, recordings in all).
    /// - Throws: ``BankExportError``, `SoundDataError`, `CancellationError`; nothing is left then.
    package static func write(
        _ banks: [RecordingBank], as format: Format, to folder: URL,
        progress: (Int, Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
    ) throws {
        try check(folder)
        let part = folder.deletingLastPathComponent()
            .appending(path: ".\(folder.lastPathComponent).\(getpid()).part")
        let manager = FileManager.default
        try? manager.removeItem(at: part)
        do {
            try manager.createDirectory(at: part, withIntermediateDirectories: true)
            try fill(part, banks, format, progress, isCancelled)
            // Whatever has the name by now stays: a folder is renamed to no other that holds anything.
            guard rename(part.path, folder.path) == 0 else {
                throw BankExportError.unwritable(
                    path: folder.path, reason: String(cString: strerror(errno)))
            }
        } catch {
            try? manager.removeItem(at: part)
            if error is CocoaError {
                throw BankExportError.unwritable(
                    path: folder.path, reason: error.localizedDescription)
            }
            throw error
        }
    }

    /// Throws: ``BankExportError/exists(path:)``.
    package static func check(_ folder: URL) throws {
        var status = stat()
        guard lstat(folder.path, &status) != 0 else {
            throw BankExportError.exists(path: folder.relativePath)
        }
    }

    private static func fill(
        _ folder: URL, _ banks: [RecordingBank], _ format: Format,
        _ progress: (Int, Int) -> Void, _ isCancelled: () -> Bool
    ) throws {
        let manager = FileManager.default
        let total = banks.reduce(0) { $0 + $1.recordings.count }
        let hasPaths = banks.contains { bank in
            bank.recordings.contains { $0.sources.contains { $0.azimuthPath != nil } }
        }
        var index = Index(hasPaths: hasPaths)
        var counts: [Split: Int] = [:]
        var done = 0
        for bank in banks {
            for (number, recording) in bank.recordings.enumerated() {
                if isCancelled() { throw CancellationError() }
                let split = recording.split.rawValue
                let count = counts[recording.split, default: 0]
                if count == 0 {
                    try manager.createDirectory(
                        at: folder.appending(path: split), withIntermediateDirectories: true)
                }
                counts[recording.split] = count + 1
                let name = "\(split)/\(String(format: "%05d", count)).\(format.rawValue)"
                try write(bank, number, as: format, to: folder.appending(path: name))
                index.add(recording, of: bank, file: name)
                done += 1
                progress(done, total)
            }
        }
        try WholeFile.write(index.text, to: folder.appending(path: "index.csv"))
        try WholeFile.write(
            SortedJSON.data(of: BankDescription(banks)), to: folder.appending(path: "bank.json"))
        // The name must not come to the disk before what it stands for.
        sync()
    }

    private static func write(
        _ bank: RecordingBank, _ recording: Int, as format: Format, to file: URL
    ) throws {
        let samples = bank.read(recording)
        switch format {
        case .wav:
            try SoundFile.write(
                samples, channels: bank.microphones, sampleRate: bank.sampleRate, to: file)
        case .npy:
            let count = bank.recordings[recording].sampleCount
            try NumPyFile.write(samples, shape: [bank.microphones, count], to: file)
        }
    }
}

/// `index.csv`: a line for each source of each recording. Units: degrees, metres, seconds, dB.
private struct Index {
    private(set) var text: String
    private let hasPaths: Bool

    init(hasPaths: Bool) {
        self.hasPaths = hasPaths
        text =
            "file,label,split,group,clip,spatialisation,source,azimuth,elevation,distance,rt60,snr_db,"
            + "bank,room_length,room_width,room_height" + (hasPaths ? ",azimuth_path" : "") + "\n"
    }

    mutating func add(_ recording: Recording, of bank: RecordingBank, file: String) {
        for (number, source) in recording.sources.enumerated() {
            var fields = [
                file, source.label == Clip.unlabelled ? "" : bank.classes[source.label],
                recording.split.rawValue, recording.group,
                "\(source.clip)", "\(recording.spatialisation)", "\(number)",
                "\(Angle.degrees(radians: source.azimuth))",
                "\(Angle.degrees(radians: source.elevation))", "\(source.distance)",
                recording.reverberationTime.map { "\($0)" } ?? "",
                recording.signalToNoise.map { "\($0)" } ?? "", bank.digest.description,
            ]
            fields += (0..<3).map { axis in recording.room.map { "\($0[axis])" } ?? "" }
            if hasPaths {
                let path = source.azimuthPath ?? []
                fields.append(
                    path.map { "\(Angle.degrees(radians: $0))" }.joined(separator: " "))
            }
            text += fields.map(CommaSeparatedTable.field).joined(separator: ",") + "\n"
        }
    }
}

/// `bank.json`.
private struct BankDescription: Encodable {
    struct Bank: Encodable {
        var recordings: Int
        var settings: BankSettings
    }

    /// Units: Hz.
    var sampleRate: Int
    /// x forward, y left, z up. Shape: [microphones][3]; units: metres.
    var microphones: [[Double]]
    var classes: [String]
    /// By digest.
    var banks: [String: Bank]
    /// What the lines of `index.csv` are, in their order.
    var index: String

    private enum CodingKeys: String, CodingKey {
        case sampleRate = "sample_rate"
        case microphones
        case classes
        case banks
        case index
    }

    init(_ banks: [RecordingBank]) {
        sampleRate = banks.first?.sampleRate ?? 0
        microphones = banks.first?.settings.array.positions.map { [$0.x, $0.y, $0.z] } ?? []
        classes = banks.first?.classes ?? []
        index = BankExport.index(of: banks.map(\.digest)).description
        self.banks = Dictionary(
            banks.map {
                (
                    $0.digest.description,
                    Bank(recordings: $0.recordings.count, settings: $0.settings)
                )
            }, uniquingKeysWith: { first, _ in first })
    }
}

/// What keeps banks from being written as files: what, the value, what to do.
package enum BankExportError: Error, Equatable, CustomStringConvertible {
    case exists(path: String)
    case unwritable(path: String, reason: String)
    case notOfSounds(sweep: String)
    case severalRooms(sweep: String, banks: Int)
    case noBanks(sweep: String)
    case bankGone(path: String, sweep: String)

    package var description: String {
        switch self {
        case .exists(let path):
            "'\(path)' is there already and is not replaced; name another folder with -o, or remove it"
        case .unwritable(let path, let reason):
            "'\(path)' cannot be written: \(reason); check the folder above it, and its room"
        case .notOfSounds(let sweep):
            "\(sweep) has no bank: its study simulates no rooms; give a sweep of study: mcsimclr"
        case .severalRooms(let sweep, let banks):
            "\(sweep) has \(banks) banks of rooms, but a folder holds those of one: choose one with -S, "
                + "such as -S parameters.rt60=[0.3]"
        case .noBanks(let sweep):
            "\(sweep) has no stage 'scenes': export its file, which is looked at anew"
        case .bankGone(let path, let sweep):
            "\(path) is gone, which \(sweep) was computed with: export the sweep's file, which "
                + "simulates it again"
        }
    }
}
