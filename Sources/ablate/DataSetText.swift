import Foundation
import SoundData

/// What a data set holds, in a few lines.
struct DataSetText {
    let summary: DataSummary

    /// How many unreadable clips are named one by one.
    private static let namedAtMost = 10

    /// Name, splits, classes and unreadable clips.
    var text: String { (overview + classes).map { $0 + "\n" }.joined() }

    /// The same without the classes.
    var overview: [String] {
        var lines = [
            "\(summary.name): \(summary.clips) clips, \(summary.classes.count) classes, "
                + hours(summary.hours)
                + (summary.isSynthetic ? " (synthesised, not recorded)" : "")
        ]
        for split in summary.splits where split.clips > 0 {
            lines.append(
                "  \(split.split.rawValue): \(split.clips) clips in \(split.groups) groups, "
                    + hours(split.hours))
        }
        return lines + unreadable
    }

    private var classes: [String] {
        let width = summary.classes.map(\.name.count).max() ?? 0
        let splits = summary.splits.map(\.split.rawValue).joined(separator: " / ")
        return ["  clips by class (\(splits)):"]
            + summary.classes.map { item in
                "    \(item.name.padding(toLength: width))  "
                    + item.clips.map(String.init).joined(separator: " / ")
            }
    }

    /// A line for each clip that cannot be read, up to a number.
    private var unreadable: [String] {
        var lines = summary.unreadable.prefix(Self.namedAtMost).map {
            "  left out: \($0.path): \($0.reason)"
        }
        if summary.unreadable.count > Self.namedAtMost {
            lines.append("  left out: \(summary.unreadable.count - Self.namedAtMost) more")
        }
        return lines
    }

    private func hours(_ hours: Double) -> String {
        hours < 1 ? String(format: "%.1f min", hours * 60) : String(format: "%.1f h", hours)
    }
}
