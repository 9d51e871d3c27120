package dev.mlops.registry;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/*
 * The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with the memory of
 * Lowe ("Testing for Linearizability", 2017): an order of all operations is sought in which each
 * follows the sequential rules and no operation comes before one that had returned before it was
 * called. A set of done operations and the state they lead to are tried only once, so the search
 * ends quickly unless very many operations overlap.
 */

/** Decides whether a recorded concurrent history has a sequential explanation. */
final class Linearizability {
  private Linearizability() {}

  /**
   * One completed call.
   *
   * @param call when it was called
   * @param returned when it returned
   * @param input what was asked
   * @param output what was answered
   */
  record Operation<I, O>(long call, long returned, I input, O output) {}

  /**
   * Checks a history.
   *
   * @param rules gives the state after an operation, or empty if the sequential object would not
   *     have given that output in that state
   */
  static <S, I, O> boolean holds(
      List<Operation<I, O>> history, S start, BiFunction<S, Operation<I, O>, Optional<S>> rules) {
    record Node<T>(BitSet done, T state) {}
    Set<Node<S>> tried = new HashSet<>();
    var stack = new ArrayList<Node<S>>();
    stack.add(new Node<>(new BitSet(), start));
    while (!stack.isEmpty()) {
      Node<S> node = stack.remove(stack.size() - 1);
      if (node.done().cardinality() == history.size()) {
        return true;
      }
      long firstReturn = Long.MAX_VALUE;
      for (int i = node.done().nextClearBit(0);
          i < history.size();
          i = node.done().nextClearBit(i + 1)) {
        firstReturn = Math.min(firstReturn, history.get(i).returned());
      }
      for (int i = node.done().nextClearBit(0);
          i < history.size();
          i = node.done().nextClearBit(i + 1)) {
        Operation<I, O> operation = history.get(i);
        if (operation.call() > firstReturn) {
          continue; // another pending operation had returned before this one was called
        }
        Optional<S> next = rules.apply(node.state(), operation);
        if (next.isPresent()) {
          BitSet done = (BitSet) node.done().clone();
          done.set(i);
          var child = new Node<>(done, next.get());
          if (tried.add(child)) {
            stack.add(child);
          }
        }
      }
    }
    return false;
  }
}
