import Foundation
import GRDB

extension ResultsStore {
    /// Makes `trial_results` anew: one row a trial of each revision of each sweep, a column for every
    /// parameter that any sweep varies, one for every metric, and last what the trial cost. A sweep's
    /// name selects the plan in view; the others are called `NAME@1`.
    static func rebuildView(_ database: Database) throws {
        var taken: Set<String> = [
            "sweep", "revision", "trial", "row", "label", "seed", "status", "reason", "digest",
            "model_file",
        ]
        taken.formUnion(costColumns)
        var columns: [String] = []
        for parameter in try variedParameters(database) {
            let path = literal("$." + quoted(parameter))
            let name = unused(parameter, prefix: "parameter.", &taken)
            columns.append(
                """
                COALESCE(json_extract(rows.settings, \(path)),
                    json_extract(rows.varied, \(path))) AS \(quoted(name))
                """)
        }
        let metrics = try String.fetchAll(
            database, sql: "SELECT name FROM metric_names ORDER BY name")
        for metric in metrics {
            let name = unused(metric, prefix: "metric.", &taken)
            columns.append(
                "MAX(CASE WHEN metrics.name = \(literal(metric)) THEN metrics.value END) "
                    + "AS \(quoted(name))")
        }
        // Databases that are brought up to date have the column at the end alone.
        if try database.columns(in: "sweeps").contains(where: { $0.name == "model_files" }) {
            columns.append(modelFile)
        }
        columns += [
            """
            (SELECT SUM(stages.seconds) FROM trial_stages AS costs
                JOIN stages ON stages.id = costs.stage WHERE costs.trial = trials.id) AS seconds
            """,
            """
            (SELECT MAX(stages.peak_memory) FROM trial_stages AS costs
                JOIN stages ON stages.id = costs.stage WHERE costs.trial = trials.id)
                AS peak_memory_bytes
            """,
        ]
        let more = columns.map { ",\n    " + $0 }.joined()
        try database.execute(
            sql: """
                DROP VIEW IF EXISTS trial_results;
                CREATE VIEW trial_results AS
                SELECT named_sweeps.name AS sweep, named_sweeps.revision AS revision,
                    trials.position AS trial, trials.row AS row, rows.label AS label,
                    trials.seed AS seed, trial_states.status AS status,
                    COALESCE(failed.reason, cause.reason) AS reason,
                    trials.digest AS digest\(more)
                FROM trials
                JOIN named_sweeps ON named_sweeps.sweep = trials.sweep
                JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                JOIN trial_states ON trial_states.trial = trials.id
                LEFT JOIN trial_stages AS failing ON failing.trial = trials.id
                    AND failing.position = trial_states.failed_position
                LEFT JOIN stages AS failed ON failed.id = failing.stage
                LEFT JOIN stages AS cause ON cause.id = trial_states.cause
                LEFT JOIN trial_stages ON trial_stages.trial = trials.id
                LEFT JOIN metrics ON metrics.stage = trial_stages.stage
                GROUP BY trials.id;
                """)
    }

    /// Where the trial's model lies, below the folder of results.
    private static let modelFile = """
        (SELECT replace(json_extract(plans.model_files, '$."' || made.kind || '"'), '*', made.digest)
            FROM trial_stages AS own JOIN stages AS made ON made.id = own.stage
            JOIN sweeps AS plans ON plans.id = trials.sweep
            WHERE own.trial = trials.id AND made.status = 1 AND plans.model_files IS NOT NULL
                AND json_extract(plans.model_files, '$."' || made.kind || '"') IS NOT NULL
            ORDER BY own.position LIMIT 1) AS model_file
        """

    /// Columns of `trial_results` that differ from run to run.
    static let costColumns = ["seconds", "peak_memory_bytes"]

    private static func variedParameters(_ database: Database) throws -> [String] {
        var names: [String] = []
        var known: Set<String> = []
        for text in try String.fetchAll(database, sql: "SELECT parameters FROM sweeps ORDER BY id")
        {
            for name in try decodeJSON([String].self, text) where known.insert(name).inserted {
                names.append(name)
            }
        }
        return names
    }

    /// SQLite compares column names without regard to case.
    private static func unused(_ name: String, prefix: String, _ taken: inout Set<String>) -> String
    {
        var candidate = name
        while !taken.insert(candidate.lowercased()).inserted { candidate = prefix + candidate }
        return candidate
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    private static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// JSON with sorted keys: equal values, equal bytes.
    static func encodeJSON(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decodeJSON<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
