public import Digests
import GRDB

extension ResultsStore {
    /// SQL: whether a row of `stages` counts as finished although its figures are gone. A stage that leaves no
    /// file must have left figures; any stage those whose digest was kept with it.
    ///
    /// Nothing of this program brings that about: somebody has edited the database.
    static let isWithoutFigures = """
        (stages.status = 1
            AND (CASE WHEN stages.metrics_digest IS NULL THEN stages.produces_artifact = 0
                ELSE stages.metrics_digest <> '\(ContentDigest().text)' END)
            AND NOT EXISTS (SELECT 1 FROM metrics WHERE metrics.stage = stages.id))
        """

    /// SQL: where a row of `stages` stands; finished means that the figures are there.
    static let presentStatus = "(CASE WHEN \(isWithoutFigures) THEN 0 ELSE stages.status END)"

    /// Schema 8: a trial is finished where the figures of its stages are there.
    static func lookAtFigures(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP VIEW trial_states;
                CREATE VIEW trial_states AS
                    SELECT trials.id AS trial,
                        CASE
                            WHEN COUNT(stages.id) = COALESCE(SUM(\(presentStatus) = 1), 0)
                                THEN 'finished'
                            WHEN MAX(stages.status = 2) THEN 'failed'
                            WHEN MAX(blocked_stages.cause IS NOT NULL) THEN 'blocked'
                            WHEN MAX(claims.stage IS NOT NULL) THEN 'running'
                            ELSE 'pending'
                        END AS status,
                        MIN(CASE WHEN stages.status = 2 THEN trial_stages.position END)
                            AS failed_position,
                        MIN(blocked_stages.cause) AS cause
                    FROM trials
                    LEFT JOIN trial_stages ON trial_stages.trial = trials.id
                    LEFT JOIN stages ON stages.id = trial_stages.stage
                    LEFT JOIN claims ON claims.stage = stages.id AND stages.status <> 1
                    LEFT JOIN blocked_stages ON blocked_stages.stage = stages.id
                    GROUP BY trials.id;
                """)
    }

    /// The stages that count as finished although their figures are gone, with their titles.
    public func stagesWithoutFigures() throws -> [(stage: Digest, title: String)] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT digest, title FROM stages WHERE \(Self.isWithoutFigures) ORDER BY id"
            ).compactMap { row in
                let title = try row.decode(String.self, atIndex: 1)
                return try Digest(row.decode(String.self, atIndex: 0)).map { ($0, title) }
            }
        }
    }

    /// Gives them up, so that they are computed again; returns their titles.
    ///
    /// Throws: ``StoreError``.
    public func giveUpStagesWithoutFigures() throws -> [String] {
        let found = try stagesWithoutFigures()
        guard !found.isEmpty else { return [] }
        try forget(read { try Self.rowsWithoutFigures($0).sorted() })
        return found.map(\.title)
    }

    /// The rows of `stages` of a store that is merged whose figures are gone.
    static func rowsWithoutFigures(_ database: Database) throws -> Set<Int64> {
        Set(
            try Int64.fetchAll(
                database, sql: "SELECT id FROM stages WHERE \(isWithoutFigures)"))
    }
}
