/// Seeds in words.
package enum SeedList {
    /// "seed 3", "seeds 1 and 2", "seeds 0-4 and 9"; ascending.
    package static func text(_ seeds: [Int]) -> String {
        let seeds = Set(seeds).sorted()
        var runs: [ClosedRange<Int>] = []
        for seed in seeds {
            if let last = runs.last, last.upperBound + 1 == seed {
                runs[runs.count - 1] = last.lowerBound...seed
            } else {
                runs.append(seed...seed)
            }
        }
        let parts = runs.flatMap { run -> [String] in
            switch run.count {
            case 1: ["\(run.lowerBound)"]
            case 2: ["\(run.lowerBound)", "\(run.upperBound)"]
            default: ["\(run.lowerBound)–\(run.upperBound)"]
            }
        }
        let list =
            parts.count < 2
            ? parts.joined()
            : parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
        return (seeds.count == 1 ? "seed " : "seeds ") + list
    }
}
