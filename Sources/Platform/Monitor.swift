import Foundation

/// A value behind a lock, with a way to wait until another thread has changed it.
public final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    public init(_ state: State) { self.state = state }

    public func withLock<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        condition.lock()
        defer { condition.unlock() }
        return try body(&state)
    }

    /// Changes the state and wakes everyone who waits for it.
    public func update<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return try body(&state)
    }

    /// Changes the state and wakes those who wait for it, if there was anything to change.
    public func change(_ body: (inout State) -> Void) where State: Equatable {
        condition.lock()
        let before = state
        body(&state)
        if state != before { condition.broadcast() }
        condition.unlock()
    }

    /// Waits until `body` gives a value, at most for `seconds`; nil when the time is up.
    public func wait<Value>(seconds: Double, _ body: (inout State) -> Value?) -> Value? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value = body(&state) { return value }
            if !condition.wait(until: deadline) { return body(&state) }
        }
    }

    /// Waits until `body` gives a value.
    public func wait<Value>(_ body: (inout State) -> Value?) -> Value {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value = body(&state) { return value }
            condition.wait()
        }
    }
}
