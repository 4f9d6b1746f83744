public import Foundation

/// JSON with its keys in a fixed order: the same value is the same bytes.
public enum SortedJSON {
    public static func data(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// - Throws: for numbers that JSON has no words for.
    public static func text(of value: some Encodable) throws -> String {
        String(decoding: try data(of: value), as: UTF8.self)
    }
}
