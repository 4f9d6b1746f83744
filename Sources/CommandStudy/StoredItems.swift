import Digests
import Files
import Foundation

/// Predictions of a program as the store keeps them: packed; earlier versions wrote JSON, which is read as well.
struct StoredItems: Codable, Hashable {
    var items: [Int] = []
    var groups: [Int] = []
    /// By figure, one for each item.
    var values: [String: [Double]] = [:]
    /// Of the figures that are means over the items: what the mean is to be multiplied by.
    var scales: [String: Double] = [:]
    /// Of the names of all items and their groups; nil where an earlier version kept none and counted in the
    /// order of the file.
    var names: Digest?
}

extension StoredItems {
    /// Numbers items and groups by their names, whatever the order of the lines: the same names have the same
    /// numbers.
    mutating func number(items named: [String], groups: [String]) {
        func numbers(_ names: [String]) -> [Int] {
            let sorted = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let places = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
            return names.compactMap { places[$0] }
        }
        items = numbers(named)
        self.groups = numbers(groups)
        var hasher = DigestHasher()
        // The length before each name, so that no two lists are one text.
        for line in zip(groups, named).map({ "\($0.utf8.count):\($0)\($1.utf8.count):\($1)" })
            .sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        { hasher.update(line) }
        names = hasher.finalize()
    }

    /// Columns of figures are called `value/SCALE/NAME`, without a scale where the figure is no mean.
    private static let ofFigure = "value/"
    /// A column of zeros is called `names/DIGEST`.
    private static let ofNames = "names/"

    var text: String {
        var columns: [String: PackedColumns.Column] = [
            "items": .whole(items), "groups": .whole(groups),
        ]
        if let names { columns["\(Self.ofNames)\(names)"] = .whole(items.map { _ in 0 }) }
        for (name, values) in values {
            let scale = scales[name].map { "\($0)" } ?? ""
            let whole = values.compactMap { Int(exactly: $0) }
            columns["\(Self.ofFigure)\(scale)/\(name)"] =
                whole.count == values.count ? .whole(whole) : .real(values)
        }
        return PackedColumns(columns).text
    }

    /// Nil for what no version has written.
    init?(_ text: String) {
        guard PackedColumns.isPacked(text) else {
            guard let stored = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
                return nil
            }
            self = stored
            return
        }
        guard let packed = PackedColumns(text), let items = packed.whole("items"),
            let groups = packed.whole("groups")
        else { return nil }
        self.init(items: items, groups: groups)
        names =
            packed.columns.keys.lazy.filter { $0.hasPrefix(Self.ofNames) }
            .compactMap { Digest($0.dropFirst(Self.ofNames.count)) }.first
        for column in packed.columns.keys where column.hasPrefix(Self.ofFigure) {
            let parts = column.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let values = packed.real(column) else { return nil }
            let name = String(parts[2])
            self.values[name] = values
            if !parts[1].isEmpty { scales[name] = Double(parts[1]) }
        }
    }
}
