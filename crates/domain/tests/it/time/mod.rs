//! People's time: each rule by example, then every zone, and histories of several devices.

mod book;
mod devices;
mod entries;
mod numbers;
mod starts;
mod stops;
mod zones;
