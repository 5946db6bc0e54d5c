//! What Linux tells of this process, for measurements.

use std::error::Error;

/// The most memory that this process ever had, in MB.
///
/// # Errors
/// Where the system does not tell.
pub fn peak_mb() -> Result<f64, Box<dyn Error>> {
    status_mb("VmHWM:")
}

/// The memory that this process has now, in MB.
///
/// # Errors
/// Where the system does not tell.
pub fn rss_mb() -> Result<f64, Box<dyn Error>> {
    status_mb("VmRSS:")
}

fn status_mb(name: &str) -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib = kib.ok_or("the system does not tell the memory")?;
    Ok(kib.parse::<f64>()? * 1024.0 / 1e6)
}

/// Processor time of this process, in seconds. Linux counts it in hundredths of a second.
///
/// # Errors
/// Where the system does not tell.
pub fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold anything; what follows it are numbers, user and system time the 12th and 13th.
    let numbers = stat
        .rsplit_once(") ")
        .ok_or("the system does not tell the time used")?
        .1;
    let ticks: f64 = numbers
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<f64>().unwrap_or_default())
        .sum();
    Ok(ticks / 100.0)
}
