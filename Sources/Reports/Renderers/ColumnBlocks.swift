/// Breaks the columns of a table that is too wide into blocks below each other.
enum ColumnBlocks {
    /// The columns of each block: whole groups beside each other as long as they fit, of a group that
    /// no line holds its parts. Columns that tell rows apart stand first, in every block.
    ///
    /// - Parameters:
    ///   - widths: of the columns, with the gaps before them.
    ///   - room: what a line holds beside the labels.
    static func fit(_ columns: [Column], widths: [Int], room: Int) -> [[Int]] {
        var identifying = Array(columns.prefix(while: \.identifies).indices)
        var left = identifying.reduce(room) { $0 - widths[$1] }
        // They must leave room for others.
        if let widest = widths.dropFirst(identifying.count).max(), widest > left {
            identifying = []
            left = room
        }
        return fit(units(of: columns, from: identifying.count), widths, room: left)
            .map { identifying + Array($0) }
    }

    /// Columns that belong together, group by group: a metric with its difference and the paper's.
    private static func units(of columns: [Column], from start: Int) -> [[Range<Int>]] {
        var groups: [[Range<Int>]] = []
        for index in start..<columns.count {
            let column = columns[index]
            let isNew = index == start || columns[index - 1].group != column.group
            if isNew { groups.append([]) }
            if let unit = groups[groups.count - 1].last,
                column.key.hasPrefix(columns[unit.lowerBound].key + "_")
            {
                groups[groups.count - 1][groups[groups.count - 1].count - 1] =
                    unit.lowerBound..<index + 1
            } else {
                groups[groups.count - 1].append(index..<index + 1)
            }
        }
        // The number of seeds stands before the first group, in no block of its own.
        if groups.count > 1, groups[0].count == 1, columns[start].group == nil {
            let first = groups.removeFirst()[0]
            groups[0][0] = first.lowerBound..<groups[0][0].upperBound
        }
        return groups
    }

    /// Whole groups beside each other as long as they fit; of a group that no line holds, its units; of
    /// a unit that no line holds, its columns.
    private static func fit(
        _ groups: [[Range<Int>]], _ widths: [Int], room: Int
    ) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var used = 0
        func add(_ unit: Range<Int>, _ width: Int) {
            if let last = blocks.last, used + width <= room {
                blocks[blocks.count - 1] = last.lowerBound..<unit.upperBound
                used += width
            } else {
                blocks.append(unit)
                used = width
            }
        }
        for group in groups {
            guard let first = group.first, let last = group.last else { continue }
            let whole = first.lowerBound..<last.upperBound
            let width = widths[whole].reduce(0, +)
            if width <= room {
                add(whole, width)
            } else {
                for unit in group {
                    let width = widths[unit].reduce(0, +)
                    if width <= room {
                        add(unit, width)
                    } else {
                        for index in unit { add(index..<index + 1, widths[index]) }
                    }
                }
            }
        }
        return blocks.isEmpty ? [0..<0] : blocks
    }
}
