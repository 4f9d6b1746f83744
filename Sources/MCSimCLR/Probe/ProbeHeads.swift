public import Digests
import Foundation

/// The heads of a linear probe as they are kept beside its results, tied to the encoder that they were
/// fitted to.
public struct ProbeHeads: Sendable {
    /// The name under which a probe's stage keeps them.
    public static let detail = "probe_heads"

    public let heads: TrackHeads
    /// What the encoder was (``EncoderCheckpoint/identity()``).
    public let encoder: Digest
    public let unit: EvaluationUnit
    /// Names of the classes.
    public let classes: [String]

    public init(_ heads: TrackHeads, encoder: Digest, unit: EvaluationUnit, classes: [String]) {
        self.heads = heads
        self.encoder = encoder
        self.unit = unit
        self.classes = classes
    }

    public func encoded() throws -> String {
        try canonicalJSON(
            Stored(
                encoder: encoder, unit: unit, classes: classes,
                tracks: heads.tracks.map(Stored.Track.init)))
    }

    /// Reads what ``encoded()`` wrote; nil for anything else.
    public init?(decoding text: String) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)),
            !stored.tracks.isEmpty, stored.tracks.count <= 64, !stored.classes.isEmpty
        else { return nil }
        let tracks = stored.tracks.compactMap { $0.heads(classes: stored.classes.count) }
        guard tracks.count == stored.tracks.count,
            Set(tracks.map(\.standardisation.mean.count)).count == 1
        else { return nil }
        heads = TrackHeads(tracks: tracks)
        encoder = stored.encoder
        unit = stored.unit
        classes = stored.classes
    }
}

/// JSON with the numbers as little-endian bytes in base 64.
private struct Stored: Codable {
    struct Track: Codable {
        /// 64-bit floats: what an encoder that has nearly collapsed says differs in the last digits.
        var mean: Data
        /// 64-bit floats.
        var inverseDeviation: Data
        /// 32-bit floats. Shape: [features + 1, classes].
        var classes: Data
        /// 32-bit floats. Shape: [features + 1, 2].
        var direction: Data
        var classPenalty: Double
        var directionPenalty: Double
    }

    var encoder: Digest
    var unit: EvaluationUnit
    var classes: [String]
    var tracks: [Track]
}

extension Stored.Track {
    init(_ heads: LinearHeads) {
        func bytes(_ values: [Double]) -> Data {
            Data(
                values.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
                })
        }
        func halved(_ values: [Double]) -> Data {
            Data(
                values.flatMap { value in
                    withUnsafeBytes(of: Float(value).bitPattern.littleEndian, Array.init)
                })
        }
        self.init(
            mean: bytes(heads.standardisation.mean),
            inverseDeviation: bytes(heads.standardisation.inverseDeviation),
            classes: halved(heads.classes.weights.values),
            direction: halved(heads.direction.weights.values), classPenalty: heads.classPenalty,
            directionPenalty: heads.directionPenalty)
    }

    /// Nil where sizes do not fit or a number is not finite.
    func heads(classes count: Int) -> LinearHeads? {
        func whole(_ data: Data, size: Int) -> [UInt64]? {
            guard data.count % size == 0 else { return nil }
            let bytes = Array(data)
            return stride(from: 0, to: bytes.count, by: size).map { start in
                bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
        }
        func doubles(_ data: Data) -> [Double]? {
            whole(data, size: 8)?.map(Double.init(bitPattern:))
        }
        func floats(_ data: Data) -> [Double]? {
            whole(data, size: 4)?.map { Double(Float(bitPattern: UInt32($0))) }
        }
        guard let mean = doubles(mean), let inverse = doubles(inverseDeviation),
            let classes = floats(classes), let direction = floats(direction), !mean.isEmpty,
            inverse.count == mean.count, classes.count == (mean.count + 1) * count,
            direction.count == (mean.count + 1) * 2,
            [mean, inverse, classes, direction].allSatisfy({ $0.allSatisfy(\.isFinite) })
        else { return nil }
        return LinearHeads(
            standardisation: Standardisation(mean: mean, inverseDeviation: inverse),
            classes: LinearMap(
                weights: Matrix(rows: mean.count + 1, columns: count, values: classes)),
            direction: LinearMap(
                weights: Matrix(rows: mean.count + 1, columns: 2, values: direction)),
            classPenalty: classPenalty, directionPenalty: directionPenalty)
    }
}
