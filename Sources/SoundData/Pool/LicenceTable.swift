/// Where the clips of a pool come from, what was left out, and under which licences they are.
struct LicenceTable {
    let counts: [PoolCounts]

    var text: String {
        var text = "# Where the clips without labels come from\n\n"
        text +=
            "Made by `ablate` out of recordings in Debian packages; each keeps its licence.\n\n"
        text += "| package | what | recordings | clips | licence | copyright |\n"
        text += "|---|---|---|---|---|---|\n"
        for item in counts {
            let package = item.package
            text += "| \(package.name) | \(package.contents) | \(item.found) | \(item.taken) | "
            text += "\(package.licence) | /usr/share/doc/\(package.name)/copyright |\n"
        }
        text += "\nLeft out:\n\n"
        for item in counts where !item.leftOutTexts.isEmpty {
            text += "- \(item.package.name): \(item.leftOutTexts.joined(separator: ", "))\n"
        }
        text += "\nNear-copies: log-mel maps that correlate above \(NearCopies.threshold) at some "
        return text + "shift.\n"
    }
}
