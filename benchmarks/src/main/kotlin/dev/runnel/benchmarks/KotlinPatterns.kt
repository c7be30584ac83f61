package dev.runnel.benchmarks

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.produce
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.chunked
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.retry
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.flow.take

/** Flows, with the buffers that they have if nothing is said: of 64 where coroutines send to one that collects. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class KotlinPatterns : Patterns {

    override fun merge(inputs: Int, elements: Int): Long = coroutines {
        sum(List(inputs) { source(elements / inputs) }.merge())
    }

    override fun map(workers: Int, elements: Int): Long = coroutines {
        sum(source(elements).flatMapMerge(workers) { flow { emit(it) } })
    }

    override fun mapOrdered(workers: Int, elements: Int): Long = coroutines {
        // As many at once: those in the buffer, the one that waits to get into it, and the one that is awaited.
        sum(source(elements).map { async { it } }.buffer(workers - 2).map { it.await() })
    }

    override fun batch(size: Int, elements: Int): Long = coroutines {
        var sum = 0L
        source(elements).chunked(size).collect { batch -> sum += batch.sumOf { it.toLong() } } // it knows no time
        sum
    }

    override fun broadcast(readers: Int, elements: Int): Long = coroutines {
        val each = elements / readers
        val shared = MutableSharedFlow<Int>(extraBufferCapacity = each)
        val sums = List(readers) { async { sum(shared.take(each)) } } // a shared flow does not end
        shared.subscriptionCount.first { it == readers }
        shared.emitAll(source(each))
        sums.awaitAll().sum()
    }

    override fun retry(failures: Int, elements: Int): Long = coroutines {
        val task = Flaky(failures)
        val retried = flow { emit(task.call()) }.retry(failures.toLong())
        var sum = 0L
        repeat(elements) { sum += retried.single() }
        sum
    }

    private fun CoroutineScope.source(elements: Int): Flow<Int> = produce<Int> {
        for (i in 0 until elements) send(Elements.get(i))
    }.consumeAsFlow()

    private suspend fun sum(flow: Flow<Int>): Long {
        var sum = 0L
        flow.collect { sum += it }
        return sum
    }
}
