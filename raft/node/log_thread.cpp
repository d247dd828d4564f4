#include "raft/node/log_thread.hpp"

#include <iterator>
#include <utility>

#include <pthread.h>

#include "raft/node/event_log.hpp"

namespace squall::raft::node {

namespace {

[[nodiscard]] std::size_t size_of(const std::vector<Persist>& writes) {
    std::size_t bytes = 0;
    for (const Persist& write : writes) {
        bytes += sizeof(Persist);
        bytes += write.snapshot ? write.snapshot->data->size() : 0;
        for (const Entry& entry : write.append) {
            bytes += sizeof(Entry) + entry.data.size();
        }
    }
    return bytes;
}

}  // namespace

LogThread::LogThread(storage::Storage& storage, Inbox& inbox, Metrics& metrics)
    : storage_(storage), inbox_(inbox), metrics_(metrics), thread_([this] { run(); }) {}

LogThread::~LogThread() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void LogThread::submit(std::vector<Persist> writes) {
    if (writes.empty()) {
        return;
    }
    bytes_ += size_of(writes);
    {
        const std::scoped_lock lock(mutex_);
        queue_.insert(queue_.end(),
                      std::make_move_iterator(writes.begin()),
                      std::make_move_iterator(writes.end()));
    }
    changed_.notify_one();
}

void LogThread::run() {
    ::pthread_setname_np(::pthread_self(), "raft-log");
    while (true) {
        std::vector<Persist> batch;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            batch = std::exchange(queue_, {});
        }
        if (batch.empty()) {
            return;
        }
        try {
            storage_.write(batch);
        } catch (const storage::DiskError& error) {
            fatal(exit_disk, error.what());
        }
        metrics_.persists.add(batch.size());
        metrics_.log_writes.add();
        bytes_ -= size_of(batch);
        inbox_.push_persisted(batch.back().id);
    }
}

}  // namespace squall::raft::node
