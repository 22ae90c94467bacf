"""Every data file of the archive is read whole, each row accepted, left out by the standard, or refused: none is.

What the readings say is compared with plain readings of the same files in test_archive_*.py, which take from here
`reading`, `content` and `read_cells`; each file is read once in a process.
"""

import csv
import functools
import gzip
from pathlib import Path

import numpy as np
import pytest

from borderstats import periods
from borderstats.intake import archive
from borderstats.intake.read import Reading, read_file
from borderstats.standard.load import load

ROOT = Path(__file__).parents[2]

# By file: rows read, rows left out, observations in all datasets that it feeds
ROWS = {
    "nationwide-encounters-fy20-fy23-state.csv": (42_532, 0, 42_532),
    "nationwide-encounters-fy21-fy24-oct-state.csv": (35_630, 0, 35_630),
    "nationwide-encounters-fy21-fy24-nov-state.csv": (36_642, 0, 36_642),
    "nationwide-encounters-fy21-fy24-jan-state.csv": (38_666, 0, 38_666),
    "nationwide-encounters-fy21-fy24-feb-state.csv": (39_670, 0, 39_670),
    "nationwide-encounters-fy21-fy24-mar-state.csv": (40_699, 0, 40_699),
    "nationwide-encounters-fy21-fy24-state.csv": (46_995, 0, 46_995),
    "sbo-encounters-fy19-fy22.csv": (2_264, 0, 2_264),
    "sbo-encounters-fy22-fy25-nov.csv": (1_665, 0, 1_665),
    "cbp-encounters-dashboard-1-nov-2021.csv": (8_921, 6_926, 1_995),
    "cbp_encounters_dashboard_1-december_17_2021.csv": (7_361, 5_678, 1_683),
    "cbp_encounters_dashboard_1_detected_change-march_16_2022.csv": (8_253, 6_359, 1_894),
    "cbp_encounters_dashboard_1_official_update-april_18_2022.csv": (8_473, 6_528, 1_945),
    "cbp_encounters_dashboard_1_official_update-may_17_2022.csv": (8_695, 6_697, 1_998),
    "cbp_encounters_dashboard_1_official_update-july_15_2022.csv": (9_147, 7_041, 2_106),
    "cbp_encounters_dashboard_1_official_update-august_15_2022.csv": (9_373, 7_214, 2_159),
    "cbp_encounters_dashboard_1_official_update-october_21_2022.csv": (9_817, 7_553, 2_264),
    "cbp_encounters_dashboard_1_official_update-november_14_2022.csv": (8_031, 6_132, 1_899),
    "cbp_encounters_dashboard_1_official_update-december_14_2022.csv": (8_259, 6_305, 1_954),
    "cbp_encounters_dashboard_1_official_update-march_9_2023.csv": (8_709, 6_649, 2_060),
    "cbp_encounters_dashboard_1_official_update-march_10_2023.csv": (8_941, 6_825, 2_116),
    "usbp_monthly_encounters_fy2000-fy2020.csv.gz": (252, 0, 6_300),
    "khsm-encounters-usbp-fy25m11.xlsx": (48_815, 0, 48_815),
    "nationwide_total_apprehensions_1925_2019.csv": (95, 0, 95),
    "southwest_border_apprehensions_1960_2019.csv": (600, 0, 600),
    "southwest_border_deaths_1998_2019.csv": (220, 0, 220),
    "border_patrol_staffing_1992_2019.csv": (700, 0, 700),
    "family_child_total_monthly_2000_2019.csv": (6_487, 0, 19_461),
    "sector_profile_2011_2019.csv": (216, 0, 216),
    "ADP_monthly_Oct18_Apr21.csv": (31, 0, 31),
    "Immigration_Detention_ADP_1979_2021_apr.csv": (43, 0, 43),
    "2024_1108_ohss_immigration-enforcement-and-legal-processes-tables-july-2024.xlsx": (104_374, 0, 97_434),
    "Table49_0.xls": (312, 104, 208),
    "Table50.xls": (325, 0, 325),
    "Table73_2.xls": (112, 0, 112),
    "Table61_1.xls": (180, 0, 180),
    "table39_3.xls": (520, 235, 285),
    "Table62_2.xls": (90, 14, 76),
    "Table43D.xls": (7_128, 198, 6_930),
    "table37d_1.xls": (4_950, 0, 4_950),
    "table40d_1.xls": (910, 0, 910),
    "FY2017andFY2018ICERemovalsbyCountryofCitizenship.csv": (392, 0, 392),
    "ussc-immigration-sentences-by-district-2001-2017.csv": (1_598, 0, 3_196),
    "ParticipatingEntities-20210113002027.xlsx": (150, 0, 58),
    "ParticipatingEntities-20210501050959.xlsx": (148, 0, 58),
    "ParticipatingEntities-20210723092047.xlsx": (146, 0, 56),
    "ParticipatingEntities-20211102125654.xlsx": (144, 0, 56),
    "ParticipatingEntities-20220401132744.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220802202927.xlsx": (142, 0, 54),
    "ParticipatingEntities-20230102120329.xlsx": (140, 0, 54),
    "ParticipatingEntities-20230527122017.xlsx": (138, 0, 52),
    "ParticipatingEntities-20230903111243.xlsx": (137, 0, 52),
    "ParticipatingEntities-20240102122914.xlsx": (137, 0, 52),
    "ParticipatingEntities-20240301023639.xlsx": (136, 0, 50),
    "ParticipatingEntities-20240802065243.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250104041613.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250122000249.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250209140921.xlsx": (135, 0, 48),
    "participatingAgencies-20250401123225.xlsx": (427, 0, 111),
    "participatingAgencies03022026am.xlsx": (1_499, 0, 141),
    "participatingAgencies05012026am.xlsx": (1_779, 0, 142),
    "participatingAgencies09032025am.xlsx": (957, 0, 135),
    "sheets_20250519_151802__participatingAgencies05192025am.xlsx": (581, 0, 124),
    "sheets_20250528_151748__participatingAgencies05282025am.xlsx": (628, 0, 125),
    "sheets_20250621_151520__participatingAgencies06202025am.xlsx": (719, 0, 131),
    "sheets_20250703_151805__participatingAgencies07032025pm.xlsx": (753, 0, 132),
    "Congressional-Semi-Monthly-Report-01-01-20-to-01-15-21.xlsx": (1_150, 0, 1_150),
    "Congressional-Semi-Monthly-Report-02-01-20-to-02-15-21.xlsx": (1_150, 0, 1_150),
    "Congressional-Semi-Monthly-Report-04-01-20-to-04-15-21.xlsx": (1_150, 0, 1_150),
    "Congressional-Semi-Monthly-Report-06-01-20-to-06-15-21.xlsx": (1_150, 0, 1_150),
    "Congressional-Semi-Monthly-Report-10-01-20-to-10-15-21.xlsx": (1_150, 0, 1_150),
    "u.s._border_patrol_mileage_of_pedestrian_and_vehicle_barrier_by_state_0.pdf": (25, 0, 25),
    "CBP_ICE_FY2021_Contract_Obligations.csv": (10_398, 6, 155),
    "CBP_ICE_FY2022_Contract_Obligations.csv": (9_339, 8, 159),
    "CBP_ICE_FY2023_Contract_Obligations.csv": (9_366, 11, 159),
    "CBP_ICE_FY2024_Contract_Obligations.csv": (10_226, 8, 161),
    "CBP_ICE_FY2025_Contract_Obligations__2026-02-13_7f66b0a.csv": (10_880, 40, 189),
    "CBP_ICE_FY2025_Contract_Obligations__2026-08-07_ed41660.csv": (10_879, 100, 189),
    "CBP_ICE_FY2025_Contract_Obligations.csv": (10_878, 22, 189),
    "us_foreign_aid_country.csv": (23_166, 0, 46_326),
    "sheets_20250710_151854__participatingAgencies07092025pm.xlsx": (806, 0, 133),
    "sheets_20250716_151931__participatingAgencies07162025am.xlsx": (826, 0, 132),
    "Congressional-Semi-Monthly-Report-08-01-20-to-08-15-21.xlsx": (1_150, 0, 1_150),
    "ice-facilities-panel-fy10-fy26.csv": (2_662, 0, 2_653),
    "ice-facilities-daily-population-2022-10-2026-03.parquet": (888_699, 0, 37_236),
    "FY21-detentionstats.xlsx": (4_603, 1_811, 785),
    "20210113002029-FY21-detentionstats.xlsx": (45_907, 17_238, 1_019),
    "20210211010540-FY21-detentionstats.xlsx": (4_411, 1_677, 845),
    "20210310184436-FY21_detention-stats_0301.xlsx": (3_979, 1_484, 873),
    "20210318000237-FY21_detention-stats_0317.xlsx": (4_123, 1_507, 908),
    "20210415122347-FY21_detention-stats_0414.xlsx": (4_440, 1_610, 1_090),
    "20210625005023-FY21_detentionStats062421.xlsx": (4_527, 1_535, 1_214),
    "20210709044723-FY21_detentionStats07082021.xlsx": (4_623, 1_513, 1_289),
    "20210807005406-FY21_detentionStats08062021.xlsx": (4_479, 1_459, 1_296),
    "20210825114959-FY21_detentionStats08242021.xlsx": (4_481, 1_403, 1_350),
    "20210916232610-FY21_detentionStats09162021.xlsx": (4_361, 1_300, 1_422),
    "20211113090250-FY21_detentionStats11122021.xlsx": (4_313, 1_282, 1_423),
    "20211008015346-FY21_detentionStats10072021.xlsx": (4_289, 1_273, 1_420),
    "20220111045516-FY22_detentionStats01102022.xlsx": (3_983, 1_618, 957),
    "20220122085702-FY22_detentionStats01202022.xlsx": (4_151, 1_681, 956),
    "20220303092045-FY22_detentionStats_03022022.xlsx": (4_023, 1_495, 1_014),
    "20220318014755-FY22_detentionStats03172022b.xlsx": (4_219, 1_503, 1_160),
    "20220414181154-FY22_detentionStats04132022.xlsx": (4_007, 1_369, 1_210),
    "20220428125157-FY22_detentionStats04282022.xlsx": (4_028, 1_372, 1_228),
    "20220525005322-FY22_detentionStats05242022.xlsx": (4_097, 1_335, 1_290),
    "20220610005647-FY22_detentionStats06092022.xlsx": (4_304, 1_346, 1_356),
    "20220618012402-FY22_detentionStats06172022.xlsx": (4_304, 1_346, 1_356),
    "20220624005617-FY22_detentionStats06232022.xlsx": (4_300, 1_346, 1_351),
    "20220709054442-FY22_detentionStats07082022.xlsx": (4_202, 1_249, 1_439),
    "20220722145612-FY22_detentionStats07212022.xlsx": (4_404, 1_319, 1_452),
    "20220810150817-FY22_detentionStats08092022.xlsx": (4_430, 1_402, 1_457),
    "20220820210141-FY22_detentionStats08192022.xlsx": (4_283, 1_191, 1_561),
    "20220930022712-FY22_detentionStats09292022.xlsx": (4_298, 1_138, 1_600),
    "20221210163906-FY22-detentionStats.xlsx": (4_306, 1_138, 1_608),
    "20230110163952-FY23_detentionStats01092023.xlsx": (4_032, 1_518, 1_175),
    "20230121175133-FY23_detentionStats01192022.xlsx": (4_221, 1_584, 1_183),
    "20230301111912-FY23_detentionStats02282023.xlsx": (4_588, 1_769, 1_259),
    "20230304123233-FY23_detentionStats03032023.xlsx": (4_460, 1_719, 1_264),
    "20230331202000-FY23_detentionStats03312023.xlsx": (4_526, 1_688, 1_314),
    "20230413125806-FY23_detentionStats04122023.xlsx": (4_508, 1_617, 1_377),
    "20230429184552-FY23_detentionStats04282023.xlsx": (4_550, 1_637, 1_368),
    "20230520205212-FY23_detentionStats05192023.xlsx": (4_530, 1_566, 1_436),
    "20230531195643-FY23_detentionStats05312023.xlsx": (4_534, 1_567, 1_438),
    "20230601211448-FY23_detentionStats06012023.xlsx": (4_534, 1_567, 1_438),
    "20230717082356-FY23_detentionStats07102023.xlsx": (4_456, 1_415, 1_557),
    "20230722004825-FY23_detentionStats07202023.xlsx": (4_490, 1_435, 1_543),
    "20230818173037-FY23_detentionStats08182023.xlsx": (4_462, 1_360, 1_621),
    "20230831222650-FY23_detentionStats08312023.xlsx": (4_430, 1_350, 1_618),
    "20230929140619-FY23_detentionStats09292023.xlsx": (4_556, 1_320, 1_722),
    "20240105184536-FY24_detentionStats01042024.xlsx": (3_633, 1_208, 1_160),
    "20240119051317-FY24_detentionStats01182024.xlsx": (3_637, 1_152, 1_215),
    "20240216025958-FY24_detentionStats02152024.xlsx": (3_937, 1_261, 1_409),
    "20240301110420-FY24_detentionStats02292024.xlsx": (3_907, 1_251, 1_416),
    "20240330001816-FY24_detentionStats03292024.xlsx": (3_962, 1_180, 1_512),
    "20240413081842-FY24_detentionStats04122024.xlsx": (3_956, 1_092, 1_608),
    "20240514055812-FY24_detentionStats05132024.xlsx": (4_112, 1_132, 1_699),
    "20240529005547-FY24_detentionStats05242024.xlsx": (4_074, 1_120, 1_704),
    "20240621093647-FY24_detentionStats06202024.xlsx": (4_030, 1_021, 1_801),
    "20240709000345-FY24_detentionStats07082024.xlsx": (4_024, 1_018, 1_798),
    "20240815191448-FY24_detentionStats08152024.xlsx": (4_103, 881, 1_974),
    "20240829200938-FY24_detentionStats08292024.xlsx": (4_107, 881, 1_976),
    "20241220175644-FY24_detentionStats.xlsx": (4_129, 804, 2_078),
    "20241116152220-FY24_detentionStats11152024.xlsx": (4_159, 1_646, 1_232),
    "FY25_detentionStats12122024.xlsx": (4_043, 1_602, 1_190),
    "20250106074944-FY25_detentionStats01032025.xlsx": (4_075, 1_536, 1_318),
    "FY25_detentionStats06202025.xlsx": (5_287, 1_394, 1_844),
    "FY25_detentionStats07072025.xlsx": (6_089, 1_620, 1_855),
    "FY25_detentionStats08142025.xlsx": (5_681, 1_338, 2_029),
    "FY25_detentionStats08292025.xlsx": (5_766, 1_363, 2_016),
    "FY25_detentionStats09242025.xlsx": (5_841, 1_302, 2_105),
    "FY26_detentionStats11202025.xlsx": (6_278, 2_197, 1_167),
    "FY26_detentionStats12032025.xlsx": (6_244, 2_185, 1_178),
    "FY26_detentionStats02022026.xlsx": (6_368, 2_060, 1_337),
    "FY26_detentionStats_02122026.xlsx": (6_266, 1_934, 1_437),
    "sector_profile_2011_2017.csv": (168, 0, 168),
    "nationwide_total_apprehensions_1925_2018.csv": (94, 0, 94),
    "southwest_border_apprehensions_1960_2018.csv": (590, 0, 590),
    "ParticipatingEntities-20210301161724.xlsx": (148, 0, 58),
    "ParticipatingEntities-20210319192015.xlsx": (148, 0, 58),
    "ParticipatingEntities-20210402002259.xlsx": (148, 0, 58),
    "Congressional-Semi-Monthly-Report-05-01-20-to-05-15-21.xlsx": (1_150, 0, 1_150),
    "ParticipatingEntities-20210521212029.xlsx": (147, 0, 58),
    "ParticipatingEntities-20210601131840.xlsx": (147, 0, 58),
    "ParticipatingEntities-20210701044442.xlsx": (146, 0, 56),
    "ParticipatingEntities-20210903011524.xlsx": (145, 0, 56),
    "Congressional-Semi-Monthly-Report-09-01-20-to-09-15-21.xlsx": (1_150, 0, 1_150),
    "ParticipatingEntities-20210930192048.xlsx": (144, 0, 56),
    "ParticipatingEntities-20211003221750.xlsx": (144, 0, 56),
    "Congressional-Semi-Monthly-Report-11-01-20-to-11-15-21.xlsx": (1_150, 0, 1_150),
    "ParticipatingEntities-20220104000430.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220202010305.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220302083444.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220603221920.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220703054417.xlsx": (142, 0, 54),
    "ParticipatingEntities-20220718122031.xlsx": (142, 0, 54),
    "ParticipatingEntities-20221001013255.xlsx": (141, 0, 54),
    "ParticipatingEntities-20221103010527.xlsx": (140, 0, 54),
    "ParticipatingEntities-20221203123907.xlsx": (140, 0, 54),
    "ParticipatingEntities-20230302113153.xlsx": (139, 0, 54),
    "ParticipatingEntities-20230402002317.xlsx": (139, 0, 54),
    "ParticipatingEntities-20230502003549.xlsx": (138, 0, 52),
    "ParticipatingEntities-20230714071514.xlsx": (137, 0, 52),
    "ParticipatingEntities-20230801110025.xlsx": (137, 0, 52),
    "ParticipatingEntities-20230828032044.xlsx": (137, 0, 52),
    "ParticipatingEntities-20231022112057.xlsx": (137, 0, 52),
    "ParticipatingEntities-20231103120441.xlsx": (137, 0, 52),
    "ParticipatingEntities-20231203174311.xlsx": (137, 0, 52),
    "nationwide-encounters-fy21-fy24-dec-state.csv": (37_664, 0, 37_664),
    "us_foreign_aid_country__c2024.csv": (21_942, 0, 43_884),
    "ParticipatingEntities-20240201150058.xlsx": (137, 0, 52),
    "ParticipatingEntities-20240205042049.xlsx": (136, 0, 50),
    "ParticipatingEntities-20240224082049.xlsx": (136, 0, 50),
    "ParticipatingEntities-20240503135934.xlsx": (136, 0, 50),
    "nationwide-encounters-fy21-fy24-may-state.csv": (42_815, 0, 42_815),
    "24-0809_ohss_immigration-enforcement-and-legal-processes-tables-april-2024.xlsx": (102_148, 0, 95_367),
    "ParticipatingEntities-20240603163133.xlsx": (136, 0, 50),
    "ParticipatingEntities-20240703072523.xlsx": (135, 0, 48),
    "2024_1206_ohss_immigration-enforcement-and-legal-processes-tables-august-2024.xlsx": (
        105_020,
        0,
        98_027,
    ),
    "ParticipatingEntities-20241001081821.xlsx": (135, 0, 48),
    "ParticipatingEntities-20241101045554.xlsx": (135, 0, 48),
    "ParticipatingEntities-20241201063408.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250113000300.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250116062222.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250119192356.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250128023623.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250131031421.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250203025535.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250215122332.xlsx": (135, 0, 48),
    "ParticipatingEntities-20250219163339.xlsx": (145, 0, 52),
    "participatingAgencies-20250301180751.xlsx": (239, 0, 61),
    "participatingAgencies04212025am.xlsx": (308, 0, 80),
    "us_foreign_aid_country__2025-04.csv": (22_356, 0, 44_712),
    "participatingAgencies05012025am.xlsx": (517, 0, 117),
    "sheets_20250519_024922__participatingAgencies05162025am.xlsx": (571, 0, 123),
    "sheets_20250522_151740__participatingAgencies05202025pm.xlsx": (603, 0, 124),
    "sheets_20250523_151708__participatingAgencies05232025am.xlsx": (627, 0, 125),
    "sheets_20250527_151813__participatingAgencies05232025pm.xlsx": (628, 0, 125),
    "sheets_20250605_151847__participatingAgencies06042025am.xlsx": (641, 0, 127),
    "sheets_20250608_151716__participatingAgencies06062025am.xlsx": (649, 0, 128),
    "sheets_20250610_151944__pendingAgencies06102025am.xlsx": (93, 0, 39),
    "sheets_20250618_023204__participatingAgencies06172025pm.xlsx": (706, 0, 130),
    "sheets_20250626_151815__participatingAgencies06262025am.xlsx": (728, 0, 131),
    "sheets_20250627_151725__participatingAgencies06272025am.xlsx": (737, 0, 131),
    "participatingAgencies07012025pm.xlsx": (744, 0, 132),
    "sheets_20250702_151826__pendingAgencies07012025pm.xlsx": (63, 0, 30),
    "sheets_20250707_151710__participatingAgencies07072025am.xlsx": (777, 0, 133),
    "sheets_20250708_151823__participatingAgencies07072025pm.xlsx": (776, 0, 133),
    "sheets_20250709_151849__participatingAgencies07092025am.xlsx": (807, 0, 133),
    "sheets_20250712_151631__participatingAgencies07112025pm.xlsx": (811, 0, 132),
    "sheets_20250714_151904__participatingAgencies07142025am.xlsx": (811, 0, 132),
    "sheets_20250715_151733__participatingAgencies07152025am.xlsx": (811, 0, 132),
    "sheets_20250717_151909__pendingAgencies07172025am.xlsx": (27, 0, 18),
    "sheets_20250719_151637__participatingAgencies07182025pm.xlsx": (832, 0, 132),
    "participatingAgencies08012025am.xlsx": (873, 0, 132),
    "sbo-encounters-fy22-fy25-aug.csv": (1_936, 0, 1_936),
    "participatingAgencies090022025am.xlsx": (956, 0, 135),
    "nationwide-encounters-fy22-fy25-state.csv": (47_100, 0, 47_100),
    "participatingAgencies11032025am.xlsx": (1_096, 0, 139),
    "nationwide-encounters-fy23-fy26-nov-state.csv": (37_161, 0, 37_161),
    "participatingAgencies12012025am.xlsx": (1_187, 0, 140),
    "participatingAgencies01052025pm.xlsx": (1_274, 0, 139),
    "participatingAgencies02022026am.xlsx": (1_381, 0, 142),
    "CBP_ICE_FY2026_Contract_Obligations__2026-02-13_7f66b0a.csv": (2_084, 3, 69),
    "participatingAgencies04012026am.xlsx": (1_604, 0, 140),
    "participatingAgencies04152026pm.xlsx": (1_677, 0, 142),
    "participatingAgencies05072026am.xlsx": (1_784, 0, 142),
    "participatingAgencies05112026am.xlsx": (1_797, 0, 142),
    "CBP_ICE_FY2026_Contract_Obligations__2026-08-07_ed41660.csv": (6_537, 64, 162),
    "CBP_ICE_FY2026_Contract_Obligations.csv": (7_269, 71, 164),
}


@functools.cache
def snapshots():
    """The archive's data files by name."""
    listed = archive.snapshots(ROOT / "archive")
    return {snapshot.file.rpartition("/")[2]: snapshot for snapshot in listed if snapshot.source}


@functools.cache
def standard():
    return load(ROOT / "standard")


@functools.cache
def reading(name) -> Reading:
    """What intake makes of a file."""
    snapshot = snapshots()[name]
    return read_file(
        standard(), name, archive.read(ROOT / "archive", snapshot), snapshot.as_of, snapshot.source
    )


def content(name) -> bytes:
    """A file's bytes, out of gzip if need be."""
    data = (ROOT / "archive" / snapshots()[name].file).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def of_source(source):
    """The names of a source's files."""
    return [name for name, snapshot in snapshots().items() if snapshot.source == source]


@functools.cache
def read_cells(name, dataset=""):
    """What intake makes of a file, by code of each dimension and the period in words: value and status."""
    found = reading(name).datasets[dataset] if dataset else reading(name).observations
    space = found.space
    columns = []
    for concept in space.dataset.concepts:
        codes = [code.code for code in space.codelists[concept].codes]
        columns.append([codes[place] for place in space.digit(found.key, concept).tolist()])
    times = {period: periods.text(period) for period in found.covered.tolist()}
    columns.append([times[period] for period in space.period(found.key).tolist()])
    statuses = standard().statuses.codes
    values = zip(found.value.tolist(), (statuses[place] for place in found.status.tolist()), strict=True)
    return dict(zip(zip(*columns, strict=True), values, strict=True))


def figures(name, dataset=""):
    """As `read_cells`, without the statuses."""
    return {key: value for key, (value, _) in read_cells(name, dataset).items()}


def differences(found, expected):
    """The first cells in which two tables differ, and both figures; None where one has none."""
    odd = [key for key in {**expected, **found} if found.get(key) != expected.get(key)]
    return {key: (found.get(key), expected.get(key)) for key in odd[:10]}


def plain(label):
    """A label without white space at its ends or runs of it, in small letters."""
    return " ".join(label.split()).casefold()


@functools.cache
def codes_of(codelist):
    """The code that each label of a code list means, and each label within a scope; read by the csv module alone."""
    found = {}
    with (ROOT / "standard" / "codelists" / f"{codelist}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for label in filter(None, (row["code"], row["label_en"], *row["aliases"].split("|"))):
                found[row["scope"], plain(label)] = row["code"]
                found.setdefault(plain(label), row["code"])
    return found


def test_the_list_here_is_the_archives():
    assert set(snapshots()) == set(ROWS)


def test_no_two_files_have_one_name():
    listed = [snapshot.file for snapshot in archive.snapshots(ROOT / "archive") if snapshot.source]
    assert len(listed) == len(snapshots())


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_a_file_of_the_archive_is_read_whole(name):
    found = reading(name)
    rows, left_out, observations = ROWS[name]
    assert found.refusals == ()
    assert (found.rows, found.left_out, found.accepted) == (rows, left_out, rows - left_out)
    assert sum(map(len, found.datasets.values())) == observations


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_a_file_is_of_the_source_that_the_archive_says_and_feeds_all_its_datasets(name):
    found = reading(name)
    assert found.source.id == snapshots()[name].source
    always = {table.dataset or found.source.dataset for table in found.source.used if not table.optional}
    assert always <= set(found.datasets) <= set(found.source.feeds)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_observations_are_sorted_and_each_key_stands_there_once(name):
    for observations in reading(name).datasets.values():
        assert (np.diff(observations.key) > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_no_figure_is_below_zero_but_amounts_of_money(name):
    for dataset, observations in reading(name).datasets.items():
        assert (observations.value >= 0).all() or dataset in ("foreign-assistance", "contract-obligations")
