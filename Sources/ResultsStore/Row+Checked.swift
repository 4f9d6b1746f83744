import GRDB

extension Row {
    /// A number as the store writes it: NULL stands for one that is none.
    ///
    /// Throws: an error of SQLite's kind "corrupt" for text and bytes, which SQLite would otherwise
    /// turn into 0, and for infinity, which only a loss may be.
    func checkedNumber(
        _ index: Int, of what: String, mayBeInfinite: Bool = false
    ) throws -> Double {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return .nan
        case .int64(let number): return Double(number)
        case .double(let number) where number.isFinite || mayBeInfinite: return number
        default:
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "\(what) is \(value), which is no number")
        }
    }

    /// A value as the store writes it.
    ///
    /// Throws: an error of SQLite's kind "corrupt" for a value of another type, which SQLite would
    /// otherwise turn into 0.
    func strict<Value: DatabaseValueConvertible>(
        _ index: Int, as type: Value.Type = Value.self
    ) throws -> Value {
        let value: DatabaseValue = self[index]
        guard let result = Value.fromDatabaseValue(value) else { throw mistyped(index, value) }
        return result
    }

    /// The same where NULL is allowed.
    func strictIfAny<Value: DatabaseValueConvertible>(
        _ index: Int, as type: Value.Type = Value.self
    ) throws -> Value? {
        let value: DatabaseValue = self[index]
        return value.isNull ? nil : try strict(index, as: type)
    }

    private func mistyped(_ index: Int, _ value: DatabaseValue) -> DatabaseError {
        DatabaseError(
            resultCode: .SQLITE_CORRUPT,
            message: "\(Array(columnNames)[index]) is \(value), which it cannot be")
    }
}
