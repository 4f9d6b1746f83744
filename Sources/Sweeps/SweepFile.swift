public import Digests
import Foundation

/// A sweep file, read and found to be without fault.
public struct SweepFile: Sendable {
    /// Names the folder of the results; the file's own name where the file does not say.
    public let name: String
    /// What the file says under `description`.
    public let summary: String
    /// The scale chosen, by `-S scale=...` or by the file's own `scale`.
    public let scale: String?
    /// The settings of the data, complete.
    public let data: [String: SettingValue]
    /// The settings of a trial that the file gives for all rows; defaults are not among them.
    public let base: [String: SettingValue]
    /// What is swept, in the order of the file.
    public let parameters: [SweepParameter]
    public let seeds: [Int]
    public let evaluation: [String]
    /// The figures of merit that the file chooses of each evaluation; empty where it does not.
    public let metrics: [String]
    /// The smallest differences that matter, by figure or metric; empty where the file does not say.
    public let smallestEffects: [String: Double]
    /// What the sweep is made to show; empty where the file does not say.
    public let claims: [SweepClaim]
    /// How each row finds its own best values of some settings; nil where the file does not say.
    public let tuning: SweepTuning?
    /// The row that the others are compared with.
    public let baseline: SweepBaseline?
    /// One after another; a file that names none has a grid of its parameters.
    public let designs: [SweepDesign]
    /// The rules of `exclude`, as the file has them.
    public let exclusions: [String]
    /// What a publication reports, row by row.
    public let paper: [PaperRow]
    /// Where and how tasks of a cluster run.
    public let cluster: ClusterSection
    public let sourceText: String
    /// The digest of the file's text and of the overrides.
    public let sourceDigest: Digest

    let plan: SweepPlan
    /// Where the sections of the study are.
    let sectionOrigins: SectionOrigins
    let fileName: String
    let overrides: [String]

    /// Reads the file at `path` and applies the overrides (`key=value`).
    ///
    /// Throws: ``SweepFaults`` with everything that is wrong.
    public static func load(
        path: String, overrides: [String] = [], schema: SettingsSchema
    ) throws(SweepFaults) -> SweepFile {
        var faults = FaultList(fileName: path, overrides: overrides)
        let text = try text(atPath: path, &faults)
        return try parse(text, fileName: path, overrides: overrides, schema: schema)
    }

    /// Reads the file at `path`, which may name one of several studies (`study: NAME`).
    ///
    /// Throws: ``SweepFaults`` with everything that is wrong.
    public static func load(
        path: String, overrides: [String] = [], studies: SweepStudies
    ) throws(SweepFaults) -> SweepFile {
        var faults = FaultList(fileName: path, overrides: overrides)
        let text = try text(atPath: path, &faults)
        return try read(text, SweepReader(studies: studies, faults: faults))
    }

    private static func text(
        atPath path: String, _ faults: inout FaultList
    ) throws(SweepFaults) -> String {
        guard let bytes = bytes(atPath: path, faults: &faults) else { throw faults.faults }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            faults.add(.notUTF8(offset: firstFault(in: bytes)), at: .wholeFile)
            throw faults.faults
        }
        return text
    }

    /// Reads the text of a sweep file.
    ///
    /// Throws: ``SweepFaults`` with everything that is wrong.
    public static func parse(
        _ text: String, fileName: String, overrides: [String] = [], schema: SettingsSchema
    ) throws(SweepFaults) -> SweepFile {
        let faults = FaultList(fileName: fileName, overrides: overrides)
        return try read(text, SweepReader(schema: schema, faults: faults))
    }

    private static func read(
        _ text: String, _ reader: SweepReader
    ) throws(SweepFaults) -> SweepFile {
        var reader = reader
        guard let file = reader.read(text), reader.faults.isEmpty else {
            throw reader.faults.faults
        }
        return file
    }

    /// The rows and trials of the sweep.
    public func expand() -> SweepPlan { plan }

    /// The offset of the first byte that begins no character.
    private static func firstFault(in bytes: Data) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            offset += UTF8.width(scalar)
        }
        return offset
    }
}

/// A setting that a sweep varies.
public struct SweepParameter: Sendable, Hashable {
    public let key: String
    /// The values in the order of the file, canonical.
    public let values: [SettingValue]
    /// What the design random draws from, in the place of values.
    public let interval: ClosedRange<Double>?
}

/// How a sweep file names its baseline row.
public enum SweepBaseline: Sendable, Hashable {
    /// The row with these settings, the rest as in `base`.
    case settings([String: SettingValue])
    /// The row with this label.
    case label(String)
}
